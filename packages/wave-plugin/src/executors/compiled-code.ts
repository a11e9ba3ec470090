import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join, sep } from 'node:path';
import { Script } from 'node:vm';

type Loader = (module: NodeModule, filename: string) => void;
/** What `wrap` of Node makes of a module: a function of exports, require, module, file and folder. */
type Compiled = (...args: [unknown, NodeJS.Require, NodeModule, string, string]) => void;
const node = nodeModule as typeof nodeModule & {
  _extensions: Record<string, Loader>;
  wrap(source: string): string;
};

/** Smaller files are compiled in no time. */
const worthKeeping = 64 * 1024;

/**
 * What Node 22 does for every module, for the large files of one folder, which import nothing (`edges/load-package.ts`): their code as V8 has compiled it is kept in `folder`, by the digest of
 * the source and what V8 it is of. V8 itself refuses code of another version or of other flags; then, and where anything of it cannot be
 * read or written, the file is compiled as ever. Written when the process ends, so that functions which it used are in it.
 */
export function keepCompiledCode(files: string, folder: string): void {
  const { _extensions: loaders } = node;
  const plain = loaders['.js'];
  if (plain === undefined) return;
  loaders['.js'] = (module, filename) => {
    if (!filename.startsWith(files + sep)) return plain(module, filename);
    const bytes = readFileSync(filename);
    if (bytes.length < worthKeeping) return plain(module, filename);
    load(module, { filename, bytes }, folder);
  };
}

function load(
  module: NodeModule,
  { filename, bytes }: { filename: string; bytes: Buffer },
  folder: string,
): void {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 40);
  const kept = join(folder, `${process.version}-${process.arch}-${digest}.bin`);
  const cachedData = readKept(kept);
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  const script = new Script(node.wrap(source), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true)
    process.once('exit', () => keep(kept, script));
  const run = script.runInThisContext() as Compiled;
  run.call(module.exports, module.exports, node.createRequire(filename), module, filename, dirname(filename));
}

function readKept(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another task may read it meanwhile. */
function keep(path: string, script: Script): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, script.createCachedData(), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // The next start compiles it again.
  }
}
