import { join, relative } from 'node:path';
import { namePaths } from '../../core/verify/proof-writes';
import {
  comparedOutside,
  fileTimeMs,
  mostFiles,
  seeOutside,
  type OutsideChanges,
} from '../../edges/git/outside-state';
import { openKnownFolders, type KnownFolders } from '../../edges/git/known-folders';
import { rewrittenSince } from '../../edges/git/outside-writes';
import { isAbandonedOrForeign } from '../../edges/git/stale-folders';
import { outsidePlaces, type OutsidePlaces } from './outside-places';
import type { Session } from '../session/session';

/** What has changed outside of a checkout while a program without a cage ran. */
export interface OutsideFound {
  /** Absolute, sorted. */
  paths: string[];
  /** False where there was too much to see all that was added or removed. */
  whole: boolean;
}

export interface OutsideWatch {
  /** What has changed since the last look that no runner and no person at work changes. */
  refused(): Promise<OutsideFound>;
  /**
   * What the person or their tools may have changed since the watch began, and what nobody is refused for; `whole` speaks of every
   * look. It walks through the tree of the person and the cache of Nx: once, however many programs ran.
   */
  told(): Promise<OutsideFound>;
}

/**
 * Looks at what a program without a cage has no business with, before it runs; the watch compares afterwards.
 * `own`: what nobody but the caller writes meanwhile. `tells`: whether what a person may change is looked at as well.
 */
export async function watchOutside(
  session: Session,
  { own = [], tells }: { own?: readonly string[]; tells: boolean },
): Promise<OutsideWatch> {
  const { edges, repo } = session;
  const places = await outsidePlaces(session, own);
  const known = knownFolders(session);
  const beganMs = fileTimeMs();
  const [restored, person] = tells ? [seeOutside(places.restored), seeOutside(places.person)] : [];
  let sinceMs = beganMs;
  let before = seeRefused(places, known);
  const accused = new Set<string>();
  let isWhole = true;
  return {
    refused: async () => {
      const after = seeRefused(places, known);
      const changes = (name: keyof typeof after) => comparedOutside(before[name], after[name]);
      const [nobody, runners, sealed, checkouts] = [
        changes('nobody'),
        changes('runners'),
        changes('sealed'),
        changes('checkouts'),
      ];
      const paths = once([
        ...allOf(nobody),
        ...[...runners.fresh, ...runners.changed].filter((path) => !edges.notes.isNoted(path)),
        ...sealed.changed,
        ...(await ofNobody(session, allOf(checkouts))),
        ...edges.git.damagedObjects(repo, sinceMs),
      ]);
      [before, sinceMs] = [after, fileTimeMs()];
      const whole = [nobody, runners, sealed, checkouts].every((one) => one.whole);
      for (const path of paths) accused.add(path);
      isWhole &&= whole;
      return { paths, whole };
    },
    told: async () => {
      if (restored === undefined || person === undefined) return { paths: [], whole: isWhole };
      const [taken, theirs] = [
        comparedOutside(restored, seeOutside(places.restored)),
        comparedOutside(person, seeOutside(places.person)),
      ];
      const cached = await rewrittenSince(nxCache(session), beganMs, mostFiles);
      const paths = once([
        ...allOf(theirs),
        ...[...taken.fresh, ...taken.changed].filter((path) => !edges.notes.isNoted(path)),
        ...(await edges.git.changedInTree(repo, { sinceMs: beganMs, skip: notOfPerson(session) })),
        ...cached.paths,
      ]);
      const whole = isWhole && [taken, theirs, cached].every((one) => one.whole);
      return { paths: paths.filter((path) => !accused.has(path)), whole };
    },
  };
}

const once = (paths: readonly string[]) => [...new Set(paths)].sort();
const allOf = ({ fresh, changed, gone }: OutsideChanges) => [...fresh, ...changed, ...gone];

function seeRefused({ nobody, runners, sealed, checkouts }: OutsidePlaces, known: KnownFolders) {
  return {
    nobody: seeOutside({ ...nobody, known }),
    runners: seeOutside({ ...runners, known }),
    sealed: seeOutside({ ...sealed, known }),
    checkouts: seeOutside({ ...checkouts, known }),
  };
}

/** One task looks at the same places around its agent and around each proof command. */
function knownFolders(session: Session): KnownFolders {
  const known = knownOf.get(session) ?? openKnownFolders();
  knownOf.set(session, known);
  return known;
}

const knownOf = new WeakMap<Session, KnownFolders>();

/** Changes in checkouts that stand where they stood, and still belong to nobody who lives. */
async function ofNobody({ edges }: Session, paths: readonly string[]): Promise<string[]> {
  const homes = new Map<string, boolean>();
  for (const path of paths) {
    const [name = ''] = relative(edges.scratchRoot, path).split('/');
    const home = join(edges.scratchRoot, name);
    if (!homes.has(home)) homes.set(home, await isAbandonedOrForeign(home));
  }
  return paths.filter((path) =>
    homes.get(join(edges.scratchRoot, relative(edges.scratchRoot, path).split('/')[0] ?? '')),
  );
}

function nxCache({ edges, workspaceRoot }: Session): string {
  return edges.env['NX_CACHE_DIRECTORY'] ?? join(workspaceRoot, '.nx', 'cache');
}

/** What is no work of a person: what runs and Nx write, and packages, whose changes are told elsewhere. */
function notOfPerson({ repo, wave, workspaceRoot, at }: Session): string[] {
  return [
    repo.commonDir,
    join(repo.topLevel, 'node_modules'),
    join(workspaceRoot, '.nx'),
    ...wave.identity.stateRoots.map(at),
  ];
}

/** A path as a person knows it: below their repository from there on, elsewhere whole. */
export function shownOutside({ repo }: Session, path: string): string {
  const inside = relative(repo.topLevel, path);
  return inside.startsWith('..') ? path : inside;
}

/** Tells what a person may have changed. `who`: "agent A1", "proof commands". */
export function tellOutside(session: Session, who: string, { paths, whole }: OutsideFound): string[] {
  if (!whole)
    session.edges.print(
      `advisory: while ${who} ran without a cage, one of the places that are compared had more in it than is looked at (${mostFiles} files): not all that changed there is known. In a cage nothing has to be compared.`,
    );
  if (paths.length === 0) return [];
  const names = paths.map((path) => shownOutside(session, path));
  session.edges.print(
    `advisory: while ${who} ran without a cage, ${namePaths(names)} changed: by you, or by ${who === 'proof commands' ? 'them' : 'it'}.`,
  );
  return names;
}
