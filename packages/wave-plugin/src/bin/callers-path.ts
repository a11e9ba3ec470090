import { delimiter, dirname, join } from 'node:path';

/**
 * The PATH that Nx was called with. Before a command starts, Nx puts the `node_modules/.bin` of the workspace and of every folder above it in
 * front, and then the folder of its own Node (`npm-run-path`): agents, their proof and git would be looked for there first. A PATH that does
 * not begin so is left as it is.
 */
export function callersPath(path: string, workspaceRoot: string): string {
  const bins = [...foldersUpFrom(workspaceRoot)].map((folder) => join(folder, 'node_modules', '.bin'));
  const entries = path.split(delimiter);
  const isOfNx = bins.every((bin, at) => entries[at] === bin) && entries.length > bins.length + 1;
  return isOfNx ? entries.slice(bins.length + 1).join(delimiter) : path;
}

function* foldersUpFrom(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}
