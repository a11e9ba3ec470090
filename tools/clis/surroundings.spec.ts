// Tests tools/clis/surroundings.mjs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const shared = mkdtempSync(join(tmpdir(), 'nx-wave-shared-'));
afterAll(() => rmSync(shared, { recursive: true, force: true }));

/** What a program prints that has the module at hand, with a temp folder that others use too. */
function told(body: string): unknown {
  const text = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';
    import { lookAround, ownTempFolder } from ${JSON.stringify(pathToFileURL(join(__dirname, 'surroundings.mjs')).href)};
    ${body}`;
  const env = { ...process.env, TMPDIR: shared };
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', text], { env, encoding: 'utf8' }),
  );
}

it('what any program leaves in the shared temp folder meanwhile changes nothing that a run looks at', () => {
  const changed = told(`
    const before = lookAround();
    mkdirSync(join(tmpdir(), 'codex-daemon-1'));
    console.log(JSON.stringify([...lookAround()].filter((line) => !before.has(line))));`);
  expect(changed).toEqual([]);
});

it('a run has a temp folder of its own, which goes with it', () => {
  const inside = told(`
    ownTempFolder();
    writeFileSync(join(tmpdir(), 'left'), '');
    console.log(JSON.stringify(tmpdir()));`);
  expect(String(inside).startsWith(join(shared, 'clis-'))).toBe(true);
  expect(readdirSync(shared).filter((name) => name.startsWith('clis-'))).toEqual([]);
});
