// Tests run-jest.mjs: a spec file that only other work on the machine can turn red is told apart from a fault, and named.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'nx-wave-run-jest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Green from its second run on, as one is that has waited too short a time beside others. */
const unsteady = `const { existsSync, writeFileSync } = require('node:fs');
test('is in time', () => {
  const before = existsSync(__filename + '.ran');
  writeFileSync(__filename + '.ran', '');
  if (!before) throw new Error('too late');
});
test('is green', () => {});`;
const files = {
  'green.probe.js': "test('is green', () => {});",
  'unsteady.probe.js': unsteady,
  'wrong.probe.js': "test('is green', () => {}); test('is red', () => expect(1).toBe(2));",
  'broken.probe.js': "require('./nowhere');",
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

function run(mode: 'once' | 'again', names: string) {
  rmSync(join(folder, 'unsteady.probe.js.ran'), { force: true });
  const config = { rootDir: folder, testMatch: [`**/{${names}}.probe.js`], transform: {}, watchman: false };
  const report = join(folder, 'report');
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'run-jest.mjs'), report, mode, '--config', JSON.stringify(config)],
    { encoding: 'utf8' },
  );
  const { passed, failed, unsteady: named } = JSON.parse(readFileSync(`${report}.json`, 'utf8'));
  return { status, stderr, counts: [passed, failed], named };
}

describe('a spec file that fails', () => {
  it('and is green alone counts as passed, and is named with what it failed by first', () => {
    const { status, counts, named } = run('again', 'green,unsteady');
    expect([status, counts]).toEqual([0, [3, 0]]);
    expect(named).toEqual([
      {
        file: expect.stringMatching(/unsteady\.probe\.js$/),
        test: 'is in time',
        message: expect.stringContaining('Error: too late'),
      },
    ]);
  });

  it('again is red, whether a test of it fails or all of it', () => {
    const { status, counts, named, stderr } = run('again', 'green,unsteady,wrong,broken');
    expect([status, counts]).toEqual([1, [4, 2]]);
    expect(named).toHaveLength(1);
    // Of the file that was green it is not said a second time.
    expect(stderr.match(/(PASS|FAIL) .*\.probe\.js/g)?.length).toBe(7);
  });

  it('gets no second run where nothing but the code can be at fault', () => {
    expect(run('once', 'green,unsteady')).toMatchObject({ status: 1, counts: [2, 1], named: [] });
  });
});
