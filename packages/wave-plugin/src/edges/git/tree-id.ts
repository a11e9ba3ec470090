import { createHash } from 'node:crypto';
import { nameBytes } from './names';
import { type IndexEntry } from './index-listing';

type Entry = Pick<IndexEntry, 'path' | 'mode' | 'oid'>;

/** Of a tree that is being put together. */
interface Folder {
  entries: { mode: string; name: Buffer; oid: Buffer }[];
}

/**
 * The id of the tree that git would write for the entries of an index, which git lists sorted. Only good to tell that an index
 * is a tree that is there already: nothing is written, and entries that git leaves out of a tree give another id.
 */
export function treeIdOf(entries: readonly Entry[]): string {
  const algorithm = (entries[0]?.oid.length ?? 40) === 64 ? 'sha256' : 'sha1';
  const stack: { path: string; folder: Folder }[] = [{ path: '', folder: { entries: [] } }];
  const close = (): void => {
    const closed = stack.pop();
    const parent = stack.at(-1);
    if (closed === undefined || parent === undefined) return;
    const name = nameBytes(closed.path.slice(parent.path.length, -1));
    parent.folder.entries.push({ mode: '40000', name, oid: idOf(closed.folder, algorithm) });
  };
  for (const { path, mode, oid } of entries) {
    while (!path.startsWith(stack.at(-1)?.path ?? '')) close();
    for (let at = path.indexOf('/', stack.at(-1)?.path.length); at >= 0; at = path.indexOf('/', at + 1))
      stack.push({ path: path.slice(0, at + 1), folder: { entries: [] } });
    const top = stack.at(-1);
    const name = nameBytes(path.slice(top?.path.length));
    top?.folder.entries.push({ mode, name, oid: Buffer.from(oid, 'hex') });
  }
  while (stack.length > 1) close();
  return idOf(stack[0]?.folder ?? { entries: [] }, algorithm).toString('hex');
}

/** git sorts a folder as if its name ended in a slash. */
const sortedBy = ({ mode, name }: Folder['entries'][number]): Buffer =>
  mode === '40000' ? Buffer.concat([name, Buffer.from('/')]) : name;

function idOf({ entries }: Folder, algorithm: string): Buffer {
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortedBy(a), sortedBy(b)));
  const body = Buffer.concat(
    sorted.flatMap(({ mode, name, oid }) => [Buffer.from(`${mode} `), name, Buffer.from([0]), oid]),
  );
  return createHash(algorithm).update(`tree ${body.length}\0`).update(body).digest();
}
