import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTranscript } from './transcript';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wave-transcript-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('a transcript', () => {
  it('holds every line, in order, and goes on after an earlier one', () => {
    const path = join(home, 'deep', 'transcript.jsonl');
    for (const part of ['a', 'b']) {
      const transcript = openTranscript(path);
      for (let line = 0; line < 3; line += 1) transcript.write(`${part}${line}`);
      expect(transcript.close()).toBeNull();
    }
    expect(linesOf(path)).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2']);
  });

  it('can be read while the program still runs', async () => {
    const path = join(home, 'transcript.jsonl');
    const transcript = openTranscript(path);
    transcript.write('now');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(readFileSync(path, 'utf8')).toBe('now\n');
    transcript.close();
  });

  it('keeps the start and the end of more than anyone reads, and counts what is between', () => {
    const path = join(home, 'transcript.jsonl');
    const transcript = openTranscript(path, { head: 50, tail: 30 });
    for (let line = 0; line < 10_000; line += 1) transcript.write(`line ${String(line).padStart(4, '0')}`);
    transcript.close();
    expect(linesOf(path)).toEqual([
      'line 0000',
      'line 0001',
      'line 0002',
      'line 0003',
      'line 0004',
      '{"stream":"runner","text":"9992 lines are left out here"}',
      'line 9997',
      'line 9998',
      'line 9999',
    ]);
  });

  it('tells why it is not whole instead of ending the run', () => {
    writeFileSync(join(home, 'file'), '');
    const transcript = openTranscript(join(home, 'file', 'transcript.jsonl'));
    transcript.write('lost');
    expect(transcript.close()).toMatchObject({
      code: 'state-unwritable',
      message: expect.stringContaining('file'),
    });
  });
});
