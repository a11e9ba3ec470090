import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FsTree } from 'nx/src/generators/tree';
import { printWave } from '../../core/parse/print-wave';
import { draftAgent, draftWave } from '../../core/generate/draft-wave';
import { configOf } from '../workspace';
import { placeDraft } from './place-draft';

const path = 'docs/plans/waves/wave-1.md';
const agent = {
  agentId: 'A1',
  title: 'Units',
  executorId: 'local',
  command: 'true',
  owns: ['src/a.ts'],
  task: 'Do.',
};
const good = printWave(
  draftWave({
    wave: 1,
    path,
    title: 'Units',
    commitMessage: 'feat: units',
    dependsOn: [],
    agents: [draftAgent(agent)],
  }),
);

describe('placeDraft', () => {
  let root: string;
  const drafts = () => join(root, '.tmp', 'drafts');
  const place = (tree: FsTree, text: string) => placeDraft(tree, { path, text }, configOf(tree));
  beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-draft-')))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('puts a draft where nothing is', () => {
    const tree = new FsTree(root, false);
    place(tree, good);
    expect(tree.read(path, 'utf8')).toBe(good);
  });

  it('writes over no file that somebody has written while it was drafted, and keeps the draft', () => {
    const tree = new FsTree(root, false);
    tree.write(path, 'theirs');
    expect(() => place(tree, good)).toThrow(`${path} is there by now, and is not written over.`);
    expect(tree.read(path, 'utf8')).toBe('theirs');
    expect(readdirSync(drafts()).map((name) => readFileSync(join(drafts(), name), 'utf8'))).toEqual([good]);
  });

  it('writes over no draft that was kept before, also where somebody is mending it', () => {
    const tree = new FsTree(root, false);
    expect(() => place(tree, 'one')).toThrow('It is kept in .tmp/drafts/wave-1-');
    const [first = ''] = readdirSync(drafts());
    writeFileSync(join(drafts(), first), 'mended');
    for (const text of ['one', 'another']) expect(() => place(tree, text)).toThrow('It is kept in');
    expect(readFileSync(join(drafts(), first), 'utf8')).toBe('mended');
    expect(readdirSync(drafts())).toHaveLength(2);
  });
});
