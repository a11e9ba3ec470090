const { createHash } = require('node:crypto');
const { join } = require('node:path');

/**
 * Copies of the folder of a trial, small and exact: names, modes, times, links and bytes. Bytes are kept once, by digest, in
 * the folder `blobs`. `fs` are Node's functions as they are (the process that copies may count calls of them).
 */

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Remembers what it has read: a file whose times did not change is not read again. */
function createCopier(fs, { dir, blobs }) {
  fs.mkdirSync(blobs, { recursive: true });
  const known = new Map();
  const stored = new Set();

  function keep(bytes) {
    const digest = sha256(bytes);
    if (!stored.has(digest)) fs.writeFileSync(join(blobs, digest), bytes);
    stored.add(digest);
    return digest;
  }

  function contentOf(path, info) {
    const mark = `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`;
    const before = known.get(path);
    if (before?.mark === mark) return before.digest;
    const digest = keep(fs.readFileSync(path));
    known.set(path, { mark, digest });
    return digest;
  }

  function walk() {
    const entries = [];
    const first = new Map();
    const visit = (name) => {
      const path = name === '' ? dir : join(dir, name);
      const info = fs.lstatSync(path, { bigint: true });
      const entry = { name, mode: Number(info.mode) & 0o7777, mtime: String(info.mtimeNs) };
      if (info.isDirectory()) {
        entries.push({ ...entry, kind: 'folder' });
        for (const below of fs.readdirSync(path).sort()) visit(name === '' ? below : `${name}/${below}`);
      } else if (info.isSymbolicLink()) entries.push({ name, kind: 'link', target: fs.readlinkSync(path) });
      else if (info.isFile() && first.has(info.ino))
        entries.push({ name, kind: 'same', as: first.get(info.ino) });
      else if (info.isFile()) {
        first.set(info.ino, name);
        entries.push({ ...entry, kind: 'file', digest: contentOf(path, info) });
      }
    };
    visit('');
    return { text: JSON.stringify(entries), inodes: first };
  }

  /**
   * The digest under which the folder is kept as it is now, and the name of each inode. A call that another thread is in the
   * middle of may end meanwhile: what is kept was seen twice.
   */
  function take() {
    for (let before = null, tries = 0; tries < 20; tries += 1) {
      try {
        const { text, inodes } = walk();
        if (text === before) return { state: keep(Buffer.from(text)), inodes };
        before = text;
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
    }
    throw new Error('The folder of the trial does not come to rest.');
  }

  return { keep, take };
}

/** Fills the folder, which must not exist, with what was kept. */
function restore(fs, { dir, blobs, state }) {
  const entries = JSON.parse(fs.readFileSync(join(blobs, state), 'utf8'));
  const folders = [];
  for (const { name, kind, mode, mtime, digest, target, as } of entries) {
    const path = join(dir, name);
    if (kind === 'folder') {
      fs.mkdirSync(path);
      folders.unshift({ path, mode, mtime });
    }
    if (kind === 'link') fs.symlinkSync(target, path);
    if (kind === 'same') fs.linkSync(join(dir, as), path);
    if (kind !== 'file') continue;
    fs.copyFileSync(join(blobs, digest), path);
    fs.chmodSync(path, mode);
    setTime(fs, path, mtime);
  }
  for (const { path, mode, mtime } of folders) {
    fs.chmodSync(path, mode);
    setTime(fs, path, mtime);
  }
}

const setTime = (fs, path, mtime) => fs.utimesSync(path, Number(mtime) / 1e9, Number(mtime) / 1e9);

/**
 * The half of an effect, as steps: `write` (bytes of a file), `append` (to an open file by `fd`, else by name) and
 * `remove`. What cannot be done is not done: the process dies anyway.
 */
function doSteps(fs, steps) {
  for (const { kind, path, bytes, mode, fd } of steps)
    try {
      if (kind === 'write') fs.writeFileSync(path, bytes, { mode });
      if (kind === 'append' && fd === undefined) fs.appendFileSync(path, bytes);
      if (kind === 'append' && fd !== undefined) fs.writeSync(fd, bytes);
      if (kind === 'remove') fs.rmSync(path, { recursive: true, force: true });
    } catch {
      // As it is.
    }
}

module.exports = { createCopier, restore, doSteps };
