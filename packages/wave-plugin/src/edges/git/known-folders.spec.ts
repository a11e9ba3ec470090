import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextFileTime } from '../../testing/file-clock';
import { openKnownFolders } from './known-folders';

let folder: string;
const at = (name: string) => join(folder, name);
const hour = 3_600_000;
/** Long after everything that a test does: what it writes has settled. */
const inAnHour = () => Date.now() + hour;
const namesIn = (known: ReturnType<typeof openKnownFolders>) =>
  known
    .entriesOf(folder)
    .map(({ name }) => name)
    .sort();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-known-'));
  writeFileSync(at('a'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder that was read before', () => {
  it('is not read again while nothing has come or gone', () => {
    const known = openKnownFolders(inAnHour);
    const first = known.entriesOf(folder);
    writeFileSync(at('a'), 'other content');
    expect(known.entriesOf(folder)).toBe(first);
  });

  it.each<[string, () => void, string[]]>([
    ['a file has come', () => writeFileSync(at('b'), ''), ['a', 'b']],
    ['a file has gone', () => rmSync(at('a')), []],
    ['a file has another name', () => renameSync(at('a'), at('c')), ['c']],
  ])('is read again when %s, whatever time is written on it', (_what, change, names) => {
    const known = openKnownFolders(inAnHour);
    expect(namesIn(known)).toEqual(['a']);
    const old = new Date(Date.now() - hour);
    utimesSync(folder, old, old);
    expect(namesIn(known)).toEqual(['a']);
    nextFileTime();
    change();
    utimesSync(folder, old, old);
    expect(namesIn(known)).toEqual(names);
  });

  it('is read again where it has changed just before: the next change might have the same time', () => {
    const known = openKnownFolders();
    expect(known.entriesOf(folder)).not.toBe(known.entriesOf(folder));
  });

  it('is another one where another stands in its place', () => {
    const known = openKnownFolders(inAnHour);
    namesIn(known);
    rmSync(folder, { recursive: true });
    expect(namesIn(known)).toEqual([]);
    writeFileSync(folder, 'a file');
    expect(namesIn(known)).toEqual([]);
  });
});
