import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LandRequest } from './land-contracts';
import { type RepoRig, type TestFiles, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

/** A filter as Git LFS is one: what is stored is a pointer, the content lies elsewhere. */
const pointers = `
const { readFileSync, writeFileSync, mkdirSync } = require('node:fs');
const [verb, store] = process.argv.slice(2);
const input = readFileSync(0);
const hash = (bytes) => require('node:crypto').createHash('sha256').update(bytes).digest('hex');
mkdirSync(store, { recursive: true });
if (verb === 'clean' && !input.toString().startsWith('pointer ')) {
  writeFileSync(store + '/' + hash(input), input);
  process.stdout.write('pointer ' + hash(input) + '\\n');
} else if (verb === 'smudge') process.stdout.write(readFileSync(store + '/' + input.toString().slice(8).trim()));
else process.stdout.write(input);
`;

/** A repository with a filter of the person's own; `attributes` are those of its base. */
function repository(attributes: string, files: TestFiles = {}): void {
  rig = makeRepoRig({ 'keep.txt': 'keep\n' });
  const program = join(rig.dir, 'pointers.cjs');
  writeFileSync(program, pointers);
  for (const verb of ['clean', 'smudge'])
    rig.git('config', `filter.big.${verb}`, `node ${program} ${verb} ${join(rig.dir, 'store')}`);
  rig.write({ '.gitattributes': attributes, ...files });
  rig.git('add', '-A');
  rig.git('commit', '-qm', 'attributes');
}

async function landed(files: TestFiles, mode: LandRequest['mode'] = 'commit') {
  const { repo, checkout } = await rig.checkout();
  writeFiles(checkout.workspaceDir, files);
  const { changes, packFile } = must(await rig.collect(checkout));
  const land = (more: Partial<LandRequest> = {}) =>
    rig.edge.applyToWorkspace(
      repo,
      { changes, packFile, mode, branch: 'landed', ...more },
      join(rig.dir, `land-${Math.random()}`),
    );
  return { land, first: await land() };
}

describe('what lands', () => {
  it.each(['commit', 'tree', 'branch'] as const)(
    'is what git add would store, landed as %s',
    async (mode) => {
      repository('*.bin filter=big\n*.txt text\n', { 'logo.bin': 'old content\n' });
      const { land, first } = await landed(
        { 'logo.bin': 'new content\n', 'new.bin': 'more\n', 'a.txt': 'one\r\ntwo\r\n' },
        mode,
      );
      must(first);
      if (mode === 'tree') {
        expect(must(await land()).written).toEqual([]);
        rig.git('add', '-A');
        rig.git('commit', '-qm', 'by hand');
        expect(must(await land()).changes).toEqual([]);
      }
      const at = mode === 'branch' ? 'landed' : 'HEAD';
      expect(rig.git('show', `${at}:logo.bin`)).toMatch(/^pointer [0-9a-f]{64}\n$/);
      expect(rig.git('show', `${at}:new.bin`)).toMatch(/^pointer /);
      expect(rig.git('show', `${at}:a.txt`)).toBe('one\ntwo\n');
      expect(rig.git('status', '--porcelain')).toBe('');
      if (mode !== 'branch') expect(readFileSync(join(rig.root, 'logo.bin'), 'utf8')).toBe('new content\n');
    },
  );

  it('refuses a path whose filter git does not know, and one whose filter fails', async () => {
    repository('*.bin filter=other\n');
    const files = { 'new.bin': 'content' };
    const { first } = await landed(files);
    expect(first).toMatchObject({
      ok: false,
      error: {
        code: 'filter-missing',
        place: { path: 'new.bin' },
        next: expect.stringContaining('filter.other'),
      },
    });
    rig.git('config', 'filter.other.clean', 'false');
    expect((await landed(files)).first).toMatchObject({ ok: false, error: { code: 'filter-missing' } });
    expect(rig.git('log', '-1', '--format=%s')).toBe('attributes\n');
  });

  it('asks neither attributes nor programs of a slice', async () => {
    repository('*.md text\n');
    const evil = join(rig.dir, 'evil');
    const { first } = await landed({
      '.gitattributes': '*.bin filter=big\n*.txt filter=evil\n',
      '.gitconfig': `[filter "evil"]\n\tclean = touch ${evil}\n`,
      'new.bin': 'content',
      'a.txt': 'a\n',
    });
    must(first);
    expect(rig.git('show', 'HEAD:new.bin')).toBe('content');
    expect(rig.git('show', 'HEAD:a.txt')).toBe('a\n');
    expect(() => readFileSync(evil)).toThrow();
  });
});
