import { join } from 'node:path';
import { ok, type Failure, type Isolation, type Result } from '@nx-wave/schemas/plain';
import { cagePolicy, networkOf, type CageGrants, type CageGround } from '../../core/cage/cage-policy';
import { holdCage, isOurs, type CageAsk, type CageFound, type ProgramCage } from '../../core/cage/hold-cage';
import { heldOutFiles, heldOutOf } from '../../core/held-out';
import { programFolders } from '../../core/cage/program-folders';
import { findEnvFiles } from '../../edges/files/env-files';
import { namesIn } from '../../edges/files/list-folder';
import type { Checkout } from '../../edges/git/contracts';
import { memoryShareMb } from '../../edges/processes/use-watch';
import type { Session } from './session';

/** Folders for temporary files and for the sockets of a machine. */
const temporary = ['/tmp', '/var/tmp', '/run'];

const grounds = new WeakMap<Session, Promise<Omit<CageGround, 'checkout'>>>();

/** What every cage of a session stands on; looked at once. */
function groundOf(session: Session): Promise<Omit<CageGround, 'checkout'>> {
  const known = grounds.get(session);
  if (known !== undefined) return known;
  const looked = lookAtGround(session);
  grounds.set(session, looked);
  return looked;
}

async function lookAtGround(session: Session): Promise<Omit<CageGround, 'checkout'>> {
  const { edges, repo, wave, durableRoot, storeFolder } = session;
  const { HOME: home, PATH: path = '', TMPDIR: ownTemporary } = edges.env;
  return {
    ...(edges.accountHome === undefined ? {} : { accountHome: edges.accountHome }),
    home: home?.startsWith('/') === true && home !== '/' ? home.replace(/\/+$/, '') : null,
    repo,
    ofRunner: [
      durableRoot,
      ...(storeFolder === null ? [] : [storeFolder]),
      ...(await launcherFolders(session)),
      edges.machineRoot,
      ...(session.signing.keyFile === null ? [] : [session.signing.keyFile]),
    ],
    scratchRoot: edges.scratchRoot,
    envFiles: await findEnvFiles(repo.topLevel),
    memoryMb: wave.settings.limits.memoryMb ?? memoryShareMb(),
    heldOut: heldOutPlaces(session),
    temporary: [...temporary, ...(ownTemporary?.startsWith('/') === true ? [ownTemporary] : [])],
    programs: programFolders(path),
  };
}

/** The wave file names what is held out, too. */
function heldOutPlaces({ wave, at }: Session): string[] {
  const files = heldOutFiles(wave);
  return heldOutOf(wave).length === 0
    ? []
    : [...files, wave.identity.path].map((path) => at(path.replace(/\/$/, '')));
}

/** Launcher folders of every lane and project that are there. */
export async function launcherFolders(session: Session): Promise<string[]> {
  const found: string[] = [];
  for (const root of session.wave.identity.stateRoots) {
    const projects = (await namesIn(session.at(join(root, 'projects')))).map((name) =>
      join(root, 'projects', name),
    );
    for (const folder of [root, ...projects]) {
      const names = await namesIn(session.at(folder));
      found.push(
        ...names
          .filter((name) => name.endsWith('-wave-launcher'))
          .map((name) => session.at(join(folder, name))),
      );
    }
  }
  return found;
}

/** The settings of a cage, as they stand in the configuration. */
export interface CageSettings extends CageGrants {
  key: string;
  isolation: Isolation;
}

export function proofCageSettings({ wave }: Pick<Session, 'wave'>): CageSettings {
  const { isolation, services, folders } = wave.settings.proof;
  return { key: 'proof.isolation', isolation, calls: services, folders };
}

export function executorCageSettings({ wave }: Pick<Session, 'wave'>, executorId: string): CageSettings {
  const section = wave.settings.executors[executorId] ?? {};
  const { isolation } = section;
  return {
    key: `executors.${executorId}.isolation`,
    isolation: isolation === 'required' || isolation === 'off' ? isolation : 'auto',
    calls: textsOf(section['hosts']),
    folders: textsOf(section['folders']),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** Where nobody wants a cage, nothing is started to find one. */
const notLookedFor: CageFound = { kind: 'none', why: 'nobody looked for one', next: '' };

/** Which cage would hold; nothing but the machine's own means are looked at. Code: `cage-missing`. */
export async function plannedCage(
  session: Pick<Session, 'edges'>,
  settings: CageSettings,
  { needs = [], own = false }: { needs?: readonly CageGrants[]; own?: boolean } = {},
): Promise<Result<ProgramCage>> {
  const network = networkOf([settings, ...needs].flatMap(({ calls }) => calls));
  const ask: CageAsk = { ...settings, own, network };
  const found = settings.isolation === 'off' ? notLookedFor : await session.edges.processes.cages.find();
  const held = holdCage(ask, found);
  return held.ok ? ok({ ...held.value, folders: [...settings.folders] }) : held;
}

/** The cage of a program in a checkout, with its policy where it is ours. Code: `cage-missing`. */
export async function cageFor(
  session: Session,
  settings: CageSettings,
  { checkout, needs = [], own = false }: { checkout: Checkout; needs?: readonly CageGrants[]; own?: boolean },
): Promise<Result<ProgramCage>> {
  const planned = await plannedCage(session, settings, { needs, own });
  if (!planned.ok || !isOurs(planned.value)) return planned;
  const ground = { ...(await groundOf(session)), checkout };
  return ok({ ...planned.value, policy: cagePolicy(ground, [settings, ...needs]) });
}

/** The first cage that is required and cannot be had, before anybody is paid. Code: `cage-missing`. */
export async function refuseUncaged(
  session: Pick<Session, 'edges'>,
  all: readonly CageSettings[],
): Promise<Failure | null> {
  for (const settings of all) {
    const planned = await plannedCage(session, settings);
    if (!planned.ok) return planned.error;
  }
  return null;
}
