import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRedactor } from '../edges/processes/redact';
import { complain, printTo } from './terminal';

/** What is written to a stream while something runs. */
function written(stream: NodeJS.WriteStream, run: () => void): string {
  const write = jest.spyOn(stream, 'write').mockReturnValue(true);
  run();
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return text;
}

describe('what the doors print', () => {
  it('neither steers the terminal nor tells a secret', () => {
    const print = printTo(createRedactor({ env: { A_TOKEN: 'swordfish-1' } }));
    const text = 'src/\u001b]0;x\u0007.ts: swordfish-1\n\u001b[31mred';
    expect(written(process.stdout, () => print(text))).toBe('src/\\u001b]0;x\\u0007.ts: [redacted]\nred\n');
    expect(written(process.stderr, () => complain('a\u001b[2Jb\u009b'))).toBe('ab\\u009b\n');
  });

  it('holds no command for the runner of GitHub Actions', () => {
    const print = printTo(createRedactor({ env: {} }));
    const shown = written(process.stdout, () => print('A1: ok\n  ::stop-commands::x\n##[add-mask]y'));
    expect(shown.split('\n').filter((line) => line.trim().startsWith('::') || line.includes('##['))).toEqual(
      [],
    );
  });

  it('has no other way out', () => {
    const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'terminal.ts',
    );
    const others = files.filter((name) =>
      /process\.std(out|err)|console\./.test(readFileSync(join(__dirname, name), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(others).toEqual([]);
  });
});
