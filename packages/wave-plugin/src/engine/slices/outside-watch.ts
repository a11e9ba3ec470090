import { join, relative } from 'node:path';
import { namePaths } from '../../core/verify/proof-writes';
import {
  comparedOutside,
  fileTimeMs,
  mostFiles,
  seeOutside,
  type OutsideChanges,
} from '../../edges/git/outside-state';
import { rewrittenSince } from '../../edges/git/outside-writes';
import { isAbandonedOrForeign } from '../../edges/git/stale-folders';
import { outsidePlaces, type OutsidePlaces } from './outside-places';
import type { Session } from '../session/session';

/** What has changed outside of a checkout while a program without a cage ran: absolute paths, sorted. */
export interface OutsideFound {
  /** What no runner and no person at work changes. */
  refused: string[];
  /** What the person or their tools may have changed. */
  told: string[];
  /** False where there was too much to see all that was added or removed. */
  whole: boolean;
}

export interface OutsideWatch {
  /** Compares with the last look. */
  compare(): Promise<OutsideFound>;
}

/**
 * Looks at what a program without a cage has no business with, before it runs; `compare` says what is other afterwards.
 * `own`: what nobody but the caller writes meanwhile. `tells`: whether what a person may change is looked at as well, which
 * takes a walk through their tree.
 */
export async function watchOutside(
  session: Session,
  { own = [], tells }: { own?: readonly string[]; tells: boolean },
): Promise<OutsideWatch> {
  const { edges, repo } = session;
  let sinceMs = fileTimeMs();
  const places = await outsidePlaces(session, own);
  let before = seeAll(places, tells);
  return {
    compare: async () => {
      const after = seeAll(places, tells);
      const changes = (name: keyof OutsidePlaces) => comparedOutside(before[name], after[name]);
      const [nobody, runners, sealed, checkouts] = [
        changes('nobody'),
        changes('runners'),
        changes('sealed'),
        changes('checkouts'),
      ];
      const refused = [
        ...allOf(nobody),
        ...[...runners.fresh, ...runners.changed].filter((path) => !edges.notes.isNoted(path)),
        ...sealed.changed,
        ...(await ofNobody(session, allOf(checkouts))),
        ...edges.git.damagedObjects(repo, sinceMs),
      ];
      const [restored, person] = [changes('restored'), changes('person')];
      const nothing = { paths: [], whole: true };
      const cached = tells ? await rewrittenSince(nxCache(session), sinceMs, mostFiles) : nothing;
      const told = tells
        ? [
            ...allOf(person),
            ...[...restored.fresh, ...restored.changed].filter((path) => !edges.notes.isNoted(path)),
            ...(await edges.git.changedInTree(repo, { sinceMs, skip: notOfPerson(session) })),
            ...cached.paths,
          ]
        : [];
      [before, sinceMs] = [after, fileTimeMs()];
      const whole = [nobody, runners, sealed, checkouts, restored, person, cached].every((one) => one.whole);
      return { refused: once(refused), told: once(told).filter((path) => !refused.includes(path)), whole };
    },
  };
}

const once = (paths: readonly string[]) => [...new Set(paths)].sort();
const allOf = ({ fresh, changed, gone }: OutsideChanges) => [...fresh, ...changed, ...gone];

function seeAll(places: OutsidePlaces, tells: boolean) {
  const { nobody, runners, sealed, checkouts, restored, person } = places;
  const nothing = { places: [], by: 'stat' } as const;
  return {
    nobody: seeOutside(nobody),
    runners: seeOutside(runners),
    sealed: seeOutside(sealed),
    checkouts: seeOutside(checkouts),
    restored: seeOutside(tells ? restored : nothing),
    person: seeOutside(tells ? person : nothing),
  };
}

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
export function tellOutside(session: Session, who: string, { told, whole }: OutsideFound): string[] {
  if (!whole)
    session.edges.print(
      `advisory: while ${who} ran without a cage, one of the places that are compared had more than ${mostFiles} files: not all that changed there is known.`,
    );
  if (told.length === 0) return [];
  const names = told.map((path) => shownOutside(session, path));
  session.edges.print(
    `advisory: while ${who} ran without a cage, ${namePaths(names)} changed: by you, or by ${who === 'proof commands' ? 'them' : 'it'}.`,
  );
  return names;
}
