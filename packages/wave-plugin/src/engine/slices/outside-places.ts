import { join } from 'node:path';
import { startupFiles } from '../../core/cage/startup-files';
import { isAbandonedOrForeign } from '../../edges/git/stale-folders';
import { namesIn } from '../../edges/files/list-folder';
import type { OutsideLook } from '../../edges/git/outside-state';
import { launcherFolders } from '../session/cages';
import type { Session } from '../session/session';

/** What is compared before and after a program without a cage, by who may change it meanwhile. */
export interface OutsidePlaces {
  /** Nobody: any change is refused. */
  nobody: OutsideLook;
  /** Runners, which note what they write: what is not noted is refused. */
  runners: OutsideLook;
  /** Runners add to it and take away, and never change what is there. */
  sealed: OutsideLook;
  /** Checkouts that no living runner has. */
  checkouts: OutsideLook;
  /** Runners, and Nx where it takes results from a cache: what is not noted is told. */
  restored: OutsideLook;
  /** The person, or a tool of theirs: told. */
  person: OutsideLook;
}

const isJson = (path: string) => path.endsWith('.json');
const isManifest = (path: string) => path.endsWith('/manifest.json');
const sealedManifest = /\/(?:bundle|collected)\/manifest\.json$/;

/** `own`: what nobody but the caller writes while it holds the lease of its work. */
export async function outsidePlaces(session: Session, own: readonly string[]): Promise<OutsidePlaces> {
  const { edges, repo, durableRoot, paths } = session;
  const homes = [edges.env['HOME'], edges.accountHome].filter((one) => one !== undefined);
  const launchers = await launcherFolders(session);
  const ofWave = [paths.closure, paths.prove].map(session.at);
  return {
    nobody: {
      by: 'content',
      places: [
        join(repo.commonDir, 'hooks'),
        join(repo.commonDir, 'config'),
        join(repo.gitDir, 'config.worktree'),
        ...['attributes', 'exclude', 'grafts'].map((name) => join(repo.commonDir, 'info', name)),
        ...own,
      ],
    },
    runners: {
      by: 'stat',
      places: [...['tree-proofs', 'measured', 'proofs'].map((name) => join(durableRoot, name)), ...ofWave],
      wanted: (path) => isJson(path) && (isManifest(path) || !path.startsWith(join(durableRoot, 'proofs'))),
      skip: ['.drafts'],
    },
    sealed: {
      by: 'stat',
      places: [join(durableRoot, 'attempts')],
      wanted: (path) => sealedManifest.test(path),
      skip: ['draft'],
    },
    checkouts: { by: 'stat', places: await leftCheckouts(session), skip: ['node_modules', '.git'] },
    restored: {
      by: 'stat',
      places: launchers.flatMap((folder) =>
        ['closure', 'handoff', 'gates'].map((name) => join(folder, name)),
      ),
      wanted: (path) => isJson(path) && !ofWave.includes(path) && !path.endsWith('/slices.json'),
      skip: ['artifacts', '.drafts'],
    },
    person: {
      by: 'content',
      places: [
        join(repo.commonDir, 'refs'),
        join(repo.commonDir, 'packed-refs'),
        join(repo.gitDir, 'HEAD'),
        join(repo.gitDir, 'index'),
        ...homes.flatMap((home) => startupFiles.map((path) => join(home, path))),
      ],
    },
  };
}

/** Checkouts of runners that do not live: nobody works there, and whoever collects from one makes it their own before. */
async function leftCheckouts({ edges }: Session): Promise<string[]> {
  const folders = (await namesIn(edges.scratchRoot))
    .filter((name) => name !== 'runs' && !name.startsWith('.'))
    .map((name) => join(edges.scratchRoot, name));
  const left = await Promise.all(folders.map(isAbandonedOrForeign));
  return folders.filter((_folder, at) => left[at]);
}
