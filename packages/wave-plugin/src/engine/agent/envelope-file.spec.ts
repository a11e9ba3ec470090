import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor } from '../../edges/processes/redact';
import { readEnvelopeFile } from './envelope-file';

let home: string;
let checkout: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wave-envelope-'));
  checkout = join(home, 'checkout');
  mkdirSync(join(checkout, '.nx-wave'), { recursive: true });
  writeFileSync(join(home, 'private.txt'), '{"of":"the user"}');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const redactor = createRedactor({ env: { A_TOKEN: 'swordfish-1' } });
const path = () => join(checkout, '.nx-wave', 'envelope.json');

describe('the file that an agent leaves as its envelope', () => {
  it('is read, without secrets, and stays JSON', async () => {
    const summary = 'swordfish-1 and -----BEGIN RSA PRIVATE' + ' KEY-----';
    writeFileSync(path(), JSON.stringify({ summary, api_key: 'a1b2c3d4e5f6a7b8c9', n: 1 }));
    expect(JSON.parse((await readEnvelopeFile(checkout, redactor)) ?? '')).toEqual({
      summary: '[redacted] and [redacted]',
      api_key: '[redacted]',
      n: 1,
    });
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('that is nested without end in %s breaks nothing', async (_title, open, close) => {
    writeFileSync(path(), `${open.repeat(300_000)}"swordfish-1"${close.repeat(300_000)}`);
    const text = await readEnvelopeFile(checkout, redactor);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('swordfish');
  });

  it('is read as it is where it is not JSON', async () => {
    writeFileSync(path(), '{ oops swordfish-1');
    expect(await readEnvelopeFile(checkout, redactor)).toBe('{ oops [redacted]');
  });

  it.each([
    ['nothing', () => undefined],
    ['a link to a file of the user', () => symlinkSync(join(home, 'private.txt'), path())],
    ['a pipe that nobody writes to', () => void execFileSync('mkfifo', [path()])],
    ['a folder', () => mkdirSync(path())],
    [
      'a file that would fill the memory',
      () => {
        writeFileSync(path(), '');
        truncateSync(path(), 64 * 1024 * 1024 * 1024);
      },
    ],
    [
      'a link in place of its folder',
      () => {
        rmSync(join(checkout, '.nx-wave'), { recursive: true });
        mkdirSync(join(home, 'elsewhere'));
        writeFileSync(join(home, 'elsewhere', 'envelope.json'), '{}');
        symlinkSync(join(home, 'elsewhere'), join(checkout, '.nx-wave'));
      },
    ],
  ])('is none where there is %s', async (_title, make) => {
    make();
    expect(await readEnvelopeFile(checkout, redactor)).toBeNull();
  });
});
