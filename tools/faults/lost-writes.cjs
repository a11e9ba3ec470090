const { dirname, join, resolve } = require('node:path');

/**
 * What the disk holds when the power goes: content of a file that was not flushed is as it was before, and a name that was
 * made, moved or removed since its folder was flushed last is as it was before. Strict where real disks are kinder: nothing
 * that was not asked for is assumed to have reached the disk. What other programs (git, agents) write counts as written.
 *
 * Each change of a name is kept with the way back; flushing one of its folders forgets it. Content is kept by open
 * descriptor, so that it follows a file to its next name.
 */
function createLostWrites(real, { dir }) {
  const grave = join(dir, 'grave');
  real.mkdirSync(grave, { recursive: true });
  /** Changes of names, oldest first: `{ from?, to?, kept?, folders }`; paths as they are now. */
  let names = [];
  /** Inode to its descriptor and the content that is on the disk. */
  const contents = new Map();
  let serial = 0;

  const stat = (path) => real.lstatSync(path, { throwIfNoEntry: false });
  const graveName = () => join(grave, String((serial += 1)));

  /** Keeps what stands at a path and is about to go: a file under a second name, a folder as a whole. */
  function keep(path) {
    const info = stat(path);
    if (info === undefined) return null;
    const kept = graveName();
    if (!info.isDirectory()) {
      real.linkSync(path, kept);
      return kept;
    }
    real.renameSync(path, kept);
    real.mkdirSync(path, { mode: info.mode });
    return kept;
  }

  /** Before the content at a path changes: what is on the disk. */
  function keepContent(path) {
    const info = stat(path);
    if (info === undefined || !info.isFile() || contents.has(info.ino)) return;
    contents.set(info.ino, { fd: real.openSync(path, 'r+'), before: real.readFileSync(path) });
  }

  const before = {
    content([path]) {
      const isNew = stat(path) === undefined;
      if (!isNew) keepContent(path);
      return () => {
        if (!isNew) return;
        const info = stat(path);
        if (info === undefined) return;
        names.push({ kind: 'made', path, folders: [dirname(path)] });
        if (info.isFile() && !contents.has(info.ino))
          contents.set(info.ino, { fd: real.openSync(path, 'r+'), before: Buffer.alloc(0) });
      };
    },
    mkdir([path], [, options]) {
      const missing = [];
      for (let at = resolve(path); stat(at) === undefined; at = dirname(at)) {
        missing.unshift(at);
        if (!options?.recursive) break;
      }
      return () => {
        for (const one of missing)
          if (stat(one) !== undefined) names.push({ kind: 'made', path: one, folders: [dirname(one)] });
      };
    },
    create:
      ([path]) =>
      () =>
        names.push({ kind: 'made', path, folders: [dirname(path)] }),
    rename([to, from]) {
      const info = stat(from);
      const target = stat(to);
      const kept = target === undefined || target.isDirectory() ? null : keep(to);
      return () => {
        if (info?.isDirectory()) follow(names, from, to);
        names.push({
          kind: 'renamed',
          path: to,
          from,
          kept,
          folders: [...new Set([dirname(to), dirname(from)])],
        });
      };
    },
    remove([path]) {
      const info = stat(path);
      if (info === undefined) return () => undefined;
      // An empty folder needs no copy; `rmdir` has to fail on any other.
      const empty = info.isDirectory() && real.readdirSync(path).length === 0;
      const kept = empty ? null : keep(path);
      return () => names.push({ kind: 'removed', path, kept, mode: info.mode, folders: [dirname(path)] });
    },
  };

  return {
    before: (note, paths, args) =>
      before[note](
        paths.map((one) => resolve(one)),
        args,
      ),
    flushedPath(given) {
      const path = resolve(given);
      const info = stat(path);
      if (info?.isDirectory()) names = names.filter(({ folders }) => !folders.includes(path));
      const content = info && contents.get(info.ino);
      if (!content) return;
      contents.delete(info.ino);
      real.closeSync(content.fd);
    },
    crash() {
      for (const { fd, before: bytes } of contents.values()) {
        real.ftruncateSync(fd, 0);
        real.writeSync(fd, bytes, 0, bytes.length, 0);
      }
      undoNames(real, names);
      real.rmSync(grave, { recursive: true, force: true });
    },
    /** The same as data, for a copy of the folder: `nameOf` tells the name of an inode there, `keep` keeps bytes. */
    loss: (nameOf, keep) => ({
      contents: [...contents].flatMap(([inode, { before: bytes }]) => {
        const name = nameOf(inode);
        return name === undefined ? [] : [{ path: join(dir, name), digest: keep(bytes) }];
      }),
      names: names.map((note) => ({ ...note })),
    }),
  };
}

const moved = (path, from, to) => (path.startsWith(`${from}/`) ? to + path.slice(from.length) : path);

/** Paths of what is noted follow the folders above them. A folder's own name does not: its new one is a change of its own. */
function follow(notes, from, to) {
  for (const note of notes) {
    note.path = moved(note.path, from, to);
    if (note.from !== undefined) note.from = moved(note.from, from, to);
    note.folders = note.folders.map((folder) => (folder === from ? to : moved(folder, from, to)));
  }
}

/** Takes the names back that were noted, the last one first. */
function undoNames(fs, names) {
  const stat = (path) => fs.lstatSync(path, { throwIfNoEntry: false });
  for (let note = names.pop(); note !== undefined; note = names.pop()) undo(note);

  function undo({ kind, path, from, kept, mode }) {
    if (kind === 'made') fs.rmSync(path, { recursive: true, force: true });
    if (kind === 'removed') {
      fs.rmSync(path, { recursive: true, force: true });
      if (stat(dirname(path)) === undefined) return;
      if (kept === null) fs.mkdirSync(path, { mode });
      else fs.renameSync(kept, path);
    }
    if (kind !== 'renamed' || stat(path) === undefined) return;
    const isFolder = stat(path).isDirectory();
    if (stat(dirname(from)) === undefined) fs.rmSync(path, { recursive: true, force: true });
    else fs.renameSync(path, from);
    if (isFolder) follow(names, path, from);
    if (kept !== null) fs.renameSync(kept, path);
  }
}

/** Takes from a copy of the folder what `loss` says. `bytesOf` answers the bytes of a digest. */
function loseInCopy(fs, { dir, loss, bytesOf }) {
  for (const { path, digest } of loss.contents) fs.writeFileSync(path, bytesOf(digest));
  undoNames(
    fs,
    loss.names.map((note) => ({ ...note })),
  );
  fs.rmSync(join(dir, 'grave'), { recursive: true, force: true });
}

module.exports = { createLostWrites, loseInCopy };
