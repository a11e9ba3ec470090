import type { WaveSettings } from '../model';
import { signersFile, signingKeyVariable } from '../trust/signatures';
import { fail, ok, warn, type HealthLine } from './health-line';

/** Variables that tell of CI, of distribution and of caches. Of tokens only that they are set counts. */
export const ciVariables = [
  'CI',
  'GITHUB_ACTIONS',
  'NX_CI_EXECUTION_ID',
  'NX_CLOUD_ACCESS_TOKEN',
  'NX_CLOUD_AGENT_TIMEOUT_MS',
  'NX_CLOUD_DISTRIBUTED_EXECUTION',
  'NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS',
  'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN',
  'NX_SELF_HOSTED_REMOTE_CACHE_SERVER',
  signingKeyVariable,
] as const;

/** Files that configure distribution. */
export const ciSettingFiles = ['.nx/ci-config.yaml', '.nx/ci-config.yml', '.nx/pipelines/ci.yaml'] as const;

/** What is seen of CI. Everything is a value: the judgement below looks at nothing else. */
export interface CiFacts {
  /** Those of `ciVariables` that are set and not empty. */
  env: Readonly<Partial<Record<(typeof ciVariables)[number], string>>>;
  /** Those of `ciSettingFiles` that are there. */
  files: readonly string[];
  /** The weakest trust of the waves. */
  trust: WaveSettings['trust'];
  /** The store that other machines use, too, or why it cannot be used; null where none is configured. */
  store: { name: string | null; problem: string | null; next: string | null } | null;
  /** The longest that an agent of the waves may run. */
  attemptMinutes: number;
  /** Whether the checked-out commit names signers. */
  signersCommitted: boolean;
  /** Null where none is named, or where nobody has asked. */
  remoteCache: RemoteCacheAnswer | null;
}

/** How a self-hosted remote cache answered: as it should, not to this token, with something else, or not at all. */
export type RemoteCacheAnswer = 'ready' | 'refused' | 'failing' | 'silent';

/** What Nx Cloud waits for without a finished task, where nothing else is set. */
const defaultTimeoutMs = 3_600_000;

/** What of CI is seen, and what is not protected there. Nothing on a machine that knows of neither. */
export function ciLines(facts: CiFacts): HealthLine[] {
  return [
    ...placeLines(facts),
    ...storeLines(facts),
    ...distributionLines(facts),
    ...cacheLines(facts),
    ...signingLines(facts),
  ];
}

function placeLines({ env }: CiFacts): HealthLine[] {
  if (env.GITHUB_ACTIONS !== undefined) return [ok('ci', 'GitHub Actions')];
  return env.CI === undefined ? [] : [ok('ci', 'a CI machine')];
}

/** On a single machine too: whoever configures a store wants to know that it can be used. */
function storeLines({ store }: CiFacts): HealthLine[] {
  if (store === null) return [];
  const { name, problem, next } = store;
  if (problem !== null) return [fail('shared store', problem, next ?? 'Correct store in wave.config.json.')];
  return [ok('shared store', `${name}; it keeps its conditions`)];
}

function distributionLines(facts: CiFacts): HealthLine[] {
  const { env, files } = facts;
  const signs = [
    ...(['NX_CI_EXECUTION_ID', 'NX_CLOUD_DISTRIBUTED_EXECUTION'] as const).filter(
      (name) => env[name] !== undefined && env[name] !== 'false',
    ),
    ...files,
  ];
  if (signs.length === 0) return [];
  const seen = signs.join(', ');
  const store =
    facts.store === null
      ? warn(
          'distribution',
          `${seen}, and no shared store: each machine has leases, a budget and collected work of its own, so that an agent may be paid twice and a budget once for each machine.`,
          'Set store.url in wave.config.json to a store that all machines reach, or run each wave on one machine.',
        )
      : ok('distribution', `${seen}; the machines agree by the shared store`);
  return [store, ...timeoutLines(facts)];
}

/** Nx Cloud ends a run in which no task ends for so long; an agent's task may be the only one. */
function timeoutLines({ env, attemptMinutes }: CiFacts): HealthLine[] {
  const names = ['NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS', 'NX_CLOUD_AGENT_TIMEOUT_MS'] as const;
  const short = names.filter((name) => msOf(env[name]) <= attemptMinutes * 60_000);
  if (short.length === 0) return [];
  return [
    warn(
      'time-outs',
      `An agent may run for ${attemptMinutes} minutes, and Nx Cloud waits no longer for a task to end: its run is ended and the work is paid again.`,
      `Set ${short.join(' and ')} to more than ${attemptMinutes * 60_000}.`,
    ),
  ];
}

function msOf(value: string | undefined): number {
  const ms = Number(value ?? defaultTimeoutMs);
  return Number.isFinite(ms) ? ms : defaultTimeoutMs;
}

/** Nx asks the server before each task and ends the whole run where that fails: none of our code is asked. */
function answerLines(what: string, answer: CiFacts['remoteCache']): HealthLine[] {
  if (answer === null || answer === 'ready') return [];
  const how = {
    refused: 'does not take the token',
    failing: 'does not answer as a cache of Nx',
    silent: 'does not answer',
  }[answer];
  return [
    warn(
      'remote cache',
      `${what} ${how}: Nx ends every run before its first task.`,
      `${answer === 'refused' ? 'Correct NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN, or go on without it' : 'Go on without it'}: NX_SKIP_REMOTE_CACHE=true. What was paid for stands in the proof store of this repository.`,
    ),
  ];
}

function cacheLines({ env, trust, remoteCache }: CiFacts): HealthLine[] {
  const own = env.NX_SELF_HOSTED_REMOTE_CACHE_SERVER;
  if (own === undefined && env.NX_CLOUD_ACCESS_TOKEN === undefined) return [];
  const what = own === undefined ? 'Nx Cloud' : `the server at ${hostOf(own)}`;
  const lines = [
    ...(own !== undefined && env.NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN === undefined
      ? [
          warn(
            'remote cache',
            `${what} is used without a token: Nx ends every run where the server asks for one.`,
            'Set NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN.',
          ),
        ]
      : []),
    ...answerLines(what, remoteCache),
  ];
  if (trust === 'signed')
    return [...lines, ok('remote cache', `${what}; proofs of others have to be signed`)];
  if (trust === 'digest')
    return [
      ...lines,
      warn(
        'remote cache',
        `${what}: with trust "digest" whoever can write there decides what is proven.`,
        'Set trust to "reprove" or "signed" in wave.config.json.',
      ),
    ];
  return [
    ...lines,
    ok(
      'remote cache',
      `${what}; what it serves is held against its proof, and proved here before it lands${own === undefined ? '' : unknownWrites}`,
    ),
  ];
}

/** What nobody but the server knows: a refused write goes by in silence. */
const unknownWrites =
  '. Whether it takes what is made here is not known: Nx says nothing where a token may only read';

function hostOf(url: string): string {
  // What stands before an @ may be a password.
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#@]+)/i.exec(url)?.[1] ?? 'an address that is none';
}

function signingLines({ env, trust, signersCommitted }: CiFacts): HealthLine[] {
  const key = env[signingKeyVariable] !== undefined;
  if (key && !signersCommitted)
    return [
      warn(
        'signing',
        `${signingKeyVariable} is set, and the checked-out commit names nobody who may sign.`,
        `Write who may sign into ${signersFile} and commit it.`,
      ),
    ];
  if (key) return [ok('signing', 'proofs that are made here are signed')];
  if (trust !== 'signed') return [];
  return [
    warn(
      'signing',
      'No proof that is made here is signed: under trust "signed" no other machine takes it.',
      `Name a key: ${signingKeyVariable}=<file>.`,
    ),
  ];
}
