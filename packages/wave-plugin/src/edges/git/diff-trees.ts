import { type FileChange } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type GitPlace, runGit } from './run-git';
import { splitNul } from './names';
import { toWorkspacePath } from './paths';

const absent = /^0+$/;

/** Reads the records of `git diff-tree -r -z --raw --no-renames`: `:mode mode oid oid status`, then the path. */
export function parseRawDiff(records: readonly string[], prefix: string): FileChange[] {
  const changes: FileChange[] = [];
  for (let i = 0; i + 1 < records.length; i += 2) {
    const [modeA = '', modeB = '', oidA = '', oidB = ''] = (records[i] ?? '').slice(1).split(' ');
    changes.push({
      path: toWorkspacePath(prefix, records[i + 1] ?? ''),
      before: absent.test(oidA) ? null : { mode: modeA, oid: oidA },
      after: absent.test(oidB) ? null : { mode: modeB, oid: oidB },
    });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Ids of two trees. */
export interface TreeIds {
  from: string;
  to: string;
}

/** The changed paths between two trees, renames taken apart. `at` is a private git directory. */
export async function readChanges(
  at: GitPlace,
  { from, to }: TreeIds,
  prefix: string,
): Promise<Result<FileChange[]>> {
  if (from === to) return ok([]);
  const diff = await runGit(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to], at);
  if (!diff.ok) return diff;
  return ok(parseRawDiff(splitNul(diff.value.stdout), prefix));
}

/** How a patch for people is written: full ids, binary files included, no driver of anybody. */
const patchFlags = [
  ...['-p', '--binary', '--full-index', '--no-ext-diff', '--no-textconv', '--no-color'],
  ...['--src-prefix=a/', '--dst-prefix=b/'],
];

/** The same difference as a patch for people. */
export async function readPatch(at: GitPlace, { from, to }: TreeIds): Promise<Result<Uint8Array>> {
  if (from === to) return ok(new Uint8Array());
  const diff = await runGit(['diff-tree', '-r', '--no-renames', ...patchFlags, from, to], at);
  return diff.ok ? ok(new Uint8Array(diff.value.stdout)) : diff;
}

/** A difference of two trees, for the runner and for people. */
export interface TreeDiff {
  changes: FileChange[];
  patch: Uint8Array;
}

/** Both in one process. */
export async function readDiff(
  at: GitPlace,
  { from, to }: TreeIds,
  prefix: string,
): Promise<Result<TreeDiff>> {
  if (from === to) return ok({ changes: [], patch: new Uint8Array() });
  const flags = ['-r', '-z', '--raw', '--no-renames', '--no-abbrev', ...patchFlags];
  const diff = await runGit(['diff-tree', ...flags, from, to], at);
  if (!diff.ok) return diff;
  const { raw, patch } = partDiff(diff.value.stdout);
  return ok({ changes: parseRawDiff(splitNul(raw), prefix), patch: new Uint8Array(patch) });
}

/** Records of two fields each, the first of which begins with `:`; then an empty one; then the patch. */
function partDiff(output: Buffer): { raw: Buffer; patch: Buffer } {
  let at = 0;
  while (output[at] === 0x3a) {
    const path = output.indexOf(0, at) + 1;
    at = output.indexOf(0, path) + 1;
    if (path === 0 || at === 0) return { raw: output, patch: Buffer.alloc(0) };
  }
  return { raw: output.subarray(0, at), patch: output.subarray(output[at] === 0 ? at + 1 : at) };
}
