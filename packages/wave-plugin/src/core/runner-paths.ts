import type { WaveIdentity } from './model';
import { signersFile } from './trust/signatures';

/** Folders of a launcher that only the runner writes. Others of it, such as `integration/`, may belong to a steward. */
export const runnerFolders = [
  'handoff',
  'results',
  'gates',
  'closure',
  'control-plane',
  'status',
  'retry',
  'reports',
] as const;

/** Where a checkout holds the files of its runner: the prompt's schema, the envelope. */
const exchangeFolder = '.nx-wave';
const launcherName = /-wave-launcher$/;
const ledgerName = /^wave-\d{1,15}\.ledger$/;

/** The state roots that the configuration gives to any lane or project, without `projects/<id>`. */
export type RunnerPlaces = Pick<WaveIdentity, 'stateRoots'>;

/**
 * True when the path is the runner's: nobody may own it, be granted it or change it. These are ledgers of any wave,
 * `.nx-wave/`, `.git`, the list of signers, the folders of the runner in every launcher folder, and folders that would hold all of these
 * (`.tmp/`). Workspace-relative; a folder ends in `/`. A file in the place of such a folder counts as it. Case does not count: some
 * file systems do not see it either.
 */
export function isRunnerPath(path: string, { stateRoots }: RunnerPlaces): boolean {
  const written = path.toLowerCase();
  if (isLedgerPath(written)) return true;
  const segments = segmentsOf(written);
  if (segments[0] === exchangeFolder || segments[0] === signersFile || segments.some(isGitFolder))
    return true;
  return stateRoots.some((root) => isBelowLauncher(segments, segmentsOf(root.toLowerCase())));
}

/** True for the ledger of any wave, in whatever folder it lies, and for each of its entries. */
export function isLedgerPath(path: string): boolean {
  // Most paths have nothing in common with one, and every path of every wave is asked.
  return path.includes('.ledger') && segmentsOf(path).some((segment) => ledgerName.test(segment));
}

/** What some file systems leave out of a name. */
const unseenSigns = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** `.git` in the spellings that some file system takes for it: other case, a short name, signs that it leaves out. */
export function isGitFolder(segment: string): boolean {
  return /^(?:\.git|git~1)[. ]*(?::|$)/i.test(segment.replace(unseenSigns, ''));
}

function isBelowLauncher(segments: readonly string[], root: readonly string[]): boolean {
  const shared = Math.min(segments.length, root.length);
  for (let at = 0; at < shared; at += 1) if (segments[at] !== root[at]) return false;
  // What stands at or above the root, or is the root's `projects/`, holds launcher folders, and a file in its place would
  // lead them away; a workspace that is its own state root keeps its `projects/`.
  const holdsAll = root.length > 0;
  if (segments.length <= root.length) return holdsAll;
  let rest = segments.slice(root.length);
  if (rest[0] === 'projects') rest = rest.slice(2);
  const [launcher, folder] = rest;
  if (launcher === undefined) return holdsAll;
  if (!launcherName.test(launcher)) return false;
  return folder === undefined || (runnerFolders as readonly string[]).includes(folder);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}
