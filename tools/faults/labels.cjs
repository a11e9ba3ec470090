/** Names of places and effects that are the same in every trial, whatever its random names and digests are. */

/** Where a path of a trial is: the first of these whose folder holds it. */
const places = [
  ['temp folder', '/temp/'],
  ['store', '/user/.git/nx-wave/'],
  ['state root', '/user/.tmp/'],
  ['repository', '/user/'],
];

function placeOf(dir, [path]) {
  if (path === undefined) return 'programs';
  const below = path.startsWith(dir) ? path.slice(dir.length) : '';
  return places.find(([, folder]) => `${below}/`.startsWith(folder))?.[0] ?? 'elsewhere';
}

const unstable = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>'],
  [/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, '<id>'],
  [/\b[0-9a-f]{64}\b/g, '<digest>'],
  [/nx-wave-\d+\/[0-9a-f]{12}/g, 'nx-wave'],
  [/(proofs\/)[0-9a-f]{2}\//g, '$1'],
  [/\b[0-9a-f]{8,}\b/g, '<id>'],
  [/\.\d{6,}$/g, '.<draft>'],
  [/(slots\/ports\/)\d+/g, '$1<number>'],
  [/\b\d+-<id>/g, '<run>'],
  [/probe-\d+/g, 'probe'],
  [/(nx-wave-git-)\w{6}\b/g, '$1<id>'],
];

/** `rename store: nx-wave/attempts/wave-1/A1/attempt-1/collected`. */
function labelOf(dir, name, paths) {
  if (paths.length === 0) return name;
  const path = paths[0].startsWith(dir) ? paths[0].slice(dir.length + 1) : paths[0];
  return `${name} ${unstable.reduce((text, [from, to]) => text.replace(from, to), path)}`;
}

/** What Node's functions do below: nobody runs out of space by removing, or of descriptors by renaming. */
const opens = /^(open|writeFile|appendFile|copyFile|mkdtemp|start)/;
const grows = /^(open|write|writeFile|appendFile|copyFile|mkdir|mkdtemp|link|symlink|rename|fsync)$/;
const onOpenFile = /^(write|fsync)$/;

/** Whether an operating system could answer a function with an error code. */
function canFail(code, name) {
  if (code === 'EMFILE' || code === 'EAGAIN') return opens.test(name);
  if (code === 'ENOSPC') return grows.test(name);
  if (code === 'EACCES' || code === 'EROFS') return !onOpenFile.test(name);
  return true;
}

module.exports = { placeOf, labelOf, canFail };
