import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparedOutside, seeOutside } from './outside-state';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-outside-'));
  for (const name of ['a', 'b', 'c']) writeFileSync(at(name), 'before');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const look = (most?: number) =>
  seeOutside({ places: [folder], by: 'content', ...(most === undefined ? {} : { most }) });

it('tells what is fresh, changed and gone', () => {
  const before = look();
  writeFileSync(at('a'), 'after');
  rmSync(at('b'));
  writeFileSync(at('d'), 'new');
  expect(comparedOutside(before, look())).toEqual({
    fresh: [at('d')],
    changed: [at('a')],
    gone: [at('b')],
    whole: true,
  });
});

it('accuses nobody of what an earlier look had no room for, and says that it was not whole', () => {
  const before = look(2);
  const [gone = ''] = before.marks.keys();
  rmSync(gone);
  expect(comparedOutside(before, look(2))).toEqual({ fresh: [], changed: [], gone: [], whole: false });
});

it('tells what has changed of all that both looks have seen', () => {
  const before = look(2);
  for (const name of ['a', 'b', 'c']) writeFileSync(at(name), 'after');
  const { changed, whole } = comparedOutside(before, look(2));
  expect({ changed, whole }).toEqual({ changed: [...before.marks.keys()].sort(), whole: false });
});

it('sees what is wanted, below no folder that is skipped and through no link', () => {
  mkdirSync(at('deep/drafts'), { recursive: true });
  for (const name of ['deep/m.json', 'deep/text', 'deep/drafts/m.json']) writeFileSync(at(name), 'x');
  symlinkSync(at('deep'), at('folder.json'));
  const { marks, whole } = seeOutside({
    places: [folder, at('nothing')],
    by: 'stat',
    wanted: (path) => path.endsWith('.json'),
    skip: ['drafts'],
  });
  expect([...marks.keys()].sort()).toEqual([at('deep/m.json'), at('folder.json')]);
  expect(marks.get(at('folder.json'))).toBe(`link ${at('deep')}`);
  expect(whole).toBe(true);
});
