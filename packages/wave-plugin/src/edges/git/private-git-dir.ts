import { mkdir, readFile, writeFile } from '../files/at-once';
import { join } from 'node:path';
import { type HostEnv, privateGitEnv } from './run-git';
import { quoteAlternate } from './paths';

/** Attributes that make git store and compare bytes as they are, whatever a `.gitattributes` asks for. */
export const plainBytesAttributes =
  '* -text !eol -filter -ident -working-tree-encoding !diff !merge !whitespace\n';

/** Settings under which stat data is believed only in full and no program is ever called. */
const ownConfig = [
  '[core]',
  '\tbare = false',
  '\tfileMode = true',
  '\tsymlinks = true',
  '\tignoreCase = false',
  '\tprecomposeUnicode = false',
  '\tautocrlf = false',
  '\tsafecrlf = false',
  '\tquotePath = true',
  '\ttrustctime = true',
  '\tcheckStat = default',
  '\tfsmonitor = false',
  '\tuntrackedCache = false',
  '\tsplitIndex = false',
  // What is kept of our objects is flushed where it gets its place.
  '\tfsync = none',
  '\thooksPath = /dev/null',
  '\tattributesFile = /dev/null',
  '\texcludesFile = /dev/null',
  '[index]',
  '\tsparse = false',
  '[checkout]',
  '\tworkers = 0',
  '[gc]',
  '\tauto = 0',
  '[merge]',
  '\trenames = false',
  '\tdirectoryRenames = false',
  '[diff]',
  '\trenames = false',
  '',
].join('\n');

/** The object format is told by the length of an id: sha256 repositories have ids of 64 digits. */
export function formatConfig(oid: string): string {
  return oid.length === 64
    ? '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n'
    : '[core]\n\trepositoryformatversion = 0\n';
}

/** What a git directory of our own is made of. */
export interface PrivateGitSetup {
  /** Object directory that is written to. */
  write: string;
  /** Object directories that are read besides. */
  read: readonly string[];
  /** An id of the repository: its length tells the object format. */
  anyOid: string;
  /** Ignore patterns beside those in the working tree. */
  excludes?: readonly string[];
  /** The patterns of a sparse checkout. */
  sparse?: string | null;
}

export interface PrivateGitDir {
  gitDir: string;
  /** Environment of every git call on it; `GIT_INDEX_FILE` and `GIT_WORK_TREE` are the caller's to add. */
  env: Record<string, string>;
}

/** Makes a git directory of our own at `gitDir`: no refs, no hooks, no filters, only the objects it is given. */
export async function makePrivateGitDir(
  host: HostEnv,
  gitDir: string,
  setup: PrivateGitSetup,
): Promise<PrivateGitDir> {
  await mkdir(join(gitDir, 'info'), { recursive: true, mode: 0o700 });
  await mkdir(join(gitDir, 'refs'), { recursive: true });
  await mkdir(join(gitDir, 'objects'), { recursive: true });
  await mkdir(join(setup.write, 'pack'), { recursive: true });
  const sparse = setup.sparse ? '[core]\n\tsparseCheckout = true\n' : '';
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(gitDir, 'config'), formatConfig(setup.anyOid) + ownConfig + sparse);
  await writeFile(join(gitDir, 'info', 'attributes'), plainBytesAttributes);
  await writeFile(join(gitDir, 'info', 'exclude'), [...(setup.excludes ?? []), ''].join('\n'));
  if (setup.sparse) await writeFile(join(gitDir, 'info', 'sparse-checkout'), setup.sparse);
  return {
    gitDir,
    env: {
      ...privateGitEnv(host),
      GIT_DIR: gitDir,
      GIT_OBJECT_DIRECTORY: setup.write,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: setup.read.map(quoteAlternate).join(':'),
    },
  };
}

/**
 * Object directories that `objectDir` builds on, from the list that we wrote into it. Flat, because git follows
 * alternates of alternates only a few levels deep.
 */
export async function readBorrowed(objectDir: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(join(objectDir, 'info', 'borrowed.json'), 'utf8')) as string[];
  } catch {
    return [];
  }
}

/** Notes which object directories `objectDir` builds on, for git and for `readBorrowed`. */
export async function writeBorrowed(objectDir: string, borrowed: readonly string[]): Promise<void> {
  await mkdir(join(objectDir, 'info'), { recursive: true });
  await writeFile(join(objectDir, 'info', 'borrowed.json'), JSON.stringify(borrowed));
  await writeFile(
    join(objectDir, 'info', 'alternates'),
    borrowed.map((d) => `${quoteAlternate(d)}\n`).join(''),
  );
}
