import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunnerNotes } from './runner-notes';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-notes-'));
  file = join(folder, 'a.json');
  writeFileSync(file, 'green');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openRunnerNotes(join(folder, 'written'));

it('knows a file by its place and its content', () => {
  const notes = open();
  expect(notes.isNoted(file)).toBe(false);
  notes.note(file, 'green');
  expect(notes.isNoted(file)).toBe(true);
  writeFileSync(join(folder, 'b.json'), 'green');
  expect(notes.isNoted(join(folder, 'b.json'))).toBe(false);
  writeFileSync(file, 'other');
  expect(notes.isNoted(file)).toBe(false);
});

it('suspects nobody of what is gone again', () => {
  expect(open().isNoted(join(folder, 'gone.json'))).toBe(true);
});

it('is shared by runners, and forgets what no run can ask for any more', () => {
  open().note(file, 'green');
  const notes = open();
  notes.sweep(Date.now());
  expect(notes.isNoted(file)).toBe(true);
  const kept = join(folder, 'written');
  for (const name of readdirSync(kept)) utimesSync(join(kept, name), 1, 1);
  notes.sweep(Date.now());
  expect(notes.isNoted(file)).toBe(false);
});

it('fails nobody where it cannot write', () => {
  // Below a file nothing can be made, not even by root.
  const notes = openRunnerNotes(join(file, 'written'));
  notes.note(file, 'green');
  notes.sweep(Date.now());
  expect(notes.isNoted(file)).toBe(false);
});
