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
 * (`.tmp/`). Workspace-relative; a folder ends in `/`. A file in the place of such a folder counts as it. Names count as the least
 * careful file system sees them (`asSeen`).
 */
export function isRunnerPath(path: string, { stateRoots }: RunnerPlaces): boolean {
  const segments = segmentsOf(path).map(asSeen);
  const [first] = segments;
  if (first === exchangeFolder || first === signersFile) return true;
  if (segments.some((segment) => ledgerName.test(segment) || gitNames.includes(segment))) return true;
  return stateRoots.some((root) => isBelowLauncher(segments, segmentsOf(root).map(asSeen)));
}

/** True for the ledger of any wave, in whatever folder it lies, and for each of its entries. */
export function isLedgerPath(path: string): boolean {
  // Most paths have nothing in common with one, and every path of every wave is asked.
  return path.includes('.ledger') && segmentsOf(path).some((segment) => ledgerName.test(segment));
}

/** `.git` in the spellings that some file system takes for it, its short name among them. */
export function isGitFolder(segment: string): boolean {
  return gitNames.includes(asSeen(segment));
}

const gitNames: readonly string[] = ['.git', 'git~1'];
/** What HFS+ leaves out of a name: the list of git, `core.protectHFS`. */
const unseenSigns = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * A name as some file system takes it: without case, without signs that HFS+ leaves out, without the stream that NTFS is asked for
 * (`:x`), and without the dots and blanks at its end that Windows drops.
 */
function asSeen(segment: string): string {
  const [name = ''] = segment.replace(unseenSigns, '').toLowerCase().split(':', 1);
  let end = name.length;
  while (name[end - 1] === '.' || name[end - 1] === ' ') end -= 1;
  return name.slice(0, end);
}

function isBelowLauncher(segments: readonly string[], root: readonly string[]): boolean {
  const shared = Math.min(segments.length, root.length);
  for (let at = 0; at < shared; at += 1) if (segments[at] !== root[at]) return false;
  // What stands at or above the root, or is the root's `projects/`, holds launcher folders, and a file in its place would
  // lead them away; a workspace that is its own state root keeps its `projects/`.
  const holdsAll = root.length > 0;
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
