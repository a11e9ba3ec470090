import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readSealed } from './sealed-file';

const source = resolve(__dirname, '../../../../..');
const write = `
const { writeSealed } = require(process.argv[1]);
const [path, sign] = process.argv.slice(2);
for (let round = 0; round < 40; round += 1) writeSealed(path, sign.repeat(1_000_000), 'kept-');
`;

it('processes that write a sealed file at the same time leave the whole text of one of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-sealed-'));
  try {
    const path = join(folder, 'kept-1');
    const writers = ['a', 'b', 'c'].map((sign) =>
      spawn(
        process.execPath,
        ['-r', '@swc-node/register', '-e', write, join(__dirname, 'sealed-file.ts'), path, sign],
        {
          cwd: source,
          env: { ...process.env, TS_NODE_PROJECT: join(source, 'tsconfig.base.json') },
          stdio: 'inherit',
        },
      ),
    );
    const ended = Promise.all(writers.map((writer) => once(writer, 'exit')));
    let running = true;
    void ended.then(() => (running = false));
    const read = new Set<string>();
    for (let isLast = false; !isLast;) {
      isLast = !running;
      const text = readSealed(path);
      if (text !== null) read.add(text);
      await new Promise((turn) => setImmediate(turn));
    }
    expect((await ended).map(([code]: unknown[]) => code)).toEqual([0, 0, 0]);
    expect([...read].map((text) => [text[0], text.length, new Set(text).size])).toEqual(
      [...read].map((text) => [text[0], 1_000_000, 1]),
    );
    expect(read.size).toBeGreaterThan(0);
    expect(readSealed(path)).toHaveLength(1_000_000);
    expect(readdirSync(folder)).toEqual(['kept-1']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
