import { mkdir } from '../files/at-once';
import { join, posix } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Repository, type TreeRewrite } from './contracts';
import { guardIo } from './io-failure';
import { splitNul } from './names';
import { makePrivateGitDir, readBorrowed, writeBorrowed } from './private-git-dir';
import { type GitPlace, type HostEnv, runGit } from './run-git';
import { userObjects } from './snapshot-git';

/**
 * A tree without some paths, and with other texts in some of its files; what it does not have stays away. New objects are in
 * `into`. Five git processes.
 */
export function rewriteTree(
  host: HostEnv,
  repo: Repository,
  { base, removed, texts, into }: TreeRewrite,
): Promise<Result<{ tree: string; objectDir: string }>> {
  return guardIo('git-failed', 'taking paths out of a tree', async () => {
    const objectDir = join(into, 'objects');
    await mkdir(objectDir, { recursive: true, mode: 0o700 });
    const read = [...new Set([base.objectDir, ...(await readBorrowed(base.objectDir)), userObjects(repo)])];
    const made = await makePrivateGitDir(host, join(into, 'git'), {
      write: objectDir,
      read,
      anyOid: base.tree,
    });
    await writeBorrowed(objectDir, read);
    const at = { cwd: into, env: { ...made.env, GIT_INDEX_FILE: join(into, 'index') } };
    const top = (path: string) => posix.join(repo.prefix, path).replace(/\/$/, '');
    const listed = await entriesOf(at, base.tree, [...removed, ...texts.keys()].map(top));
    if (!listed.ok) return listed;
    const zero = '0'.repeat(base.tree.length);
    const isText = new Set([...texts.keys()].map(top));
    const records = listed.value.flatMap(({ path }) => (isText.has(path) ? [] : [`0 ${zero}\t${path}`]));
    for (const [path, text] of texts) {
      const entry = listed.value.find((one) => one.path === top(path));
      if (entry === undefined) continue;
      const blob = await runGit(['hash-object', '-w', '--stdin'], { ...at, input: text });
      if (!blob.ok) return blob;
      records.push(`${entry.mode} ${blob.value.stdout.toString().trim()}\t${entry.path}`);
    }
    if (records.length === 0) return ok({ tree: base.tree, objectDir: base.objectDir });
    const indexed = await runGit(['read-tree', base.tree], at);
    if (!indexed.ok) return indexed;
    const input = records.map((record) => `${record}\0`).join('');
    const updated = await runGit(['update-index', '-z', '--index-info'], { ...at, input });
    if (!updated.ok) return updated;
    const written = await runGit(['write-tree'], at);
    return written.ok ? ok({ tree: written.value.stdout.toString().trim(), objectDir }) : written;
  });
}

/** Every file at or below the paths, with its mode. */
async function entriesOf(
  at: GitPlace,
  tree: string,
  paths: readonly string[],
): Promise<Result<{ mode: string; path: string }[]>> {
  if (paths.length === 0) return ok([]);
  const listed = await runGit(['ls-tree', '-r', '-z', '--full-tree', tree, '--', ...paths], at);
  if (!listed.ok) return listed;
  return ok(
    splitNul(listed.value.stdout).map((record) => ({
      mode: record.slice(0, record.indexOf(' ')),
      path: record.slice(record.indexOf('\t') + 1),
    })),
  );
}
