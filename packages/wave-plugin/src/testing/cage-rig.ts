import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cagePolicy, noGrants, type CageGrants, type CagePolicy } from '../core/cage/cage-policy';
import { programFolders } from '../core/cage/program-folders';
import { fixedFlags } from '../edges/processes/cage/bubblewrap';
import { createCageEdge } from '../edges/processes/cage/cage-edge';
import { type ProcessExit } from '../edges/processes/contracts';
import { createProcessEdge } from '../edges/processes/supervise';

/** Whether this machine can have a cage; asked at once, since titles of tests name the form that runs. */
export const machineHasCage =
  process.platform === 'linux' &&
  spawnSync('bwrap', [...fixedFlags, '--unshare-net', '--', '/bin/true']).status === 0;
export const machineHasSocat = spawnSync('socat', ['-V']).status === 0;

/** A person's home, their repository, a store and a checkout, all below one folder of a test. */
export interface CageRig {
  dir: string;
  home: string;
  user: string;
  store: string;
  checkout: string;
  other: string;
  policy(grants?: Partial<CageGrants>): CagePolicy;
  run(
    words: string[],
    options?: {
      grants?: Partial<CageGrants>;
      limitMs?: number;
      caged?: boolean;
      env?: Record<string, string>;
    },
  ): Promise<ProcessExit & { out: string }>;
  dispose(): void;
}

export function createCageRig(): CageRig {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-cage-')));
  const at = (...names: string[]) => join(dir, ...names);
  for (const folder of [
    'home/.ssh',
    'user/.git/objects',
    'user/.git/nx-wave/proofs',
    'user/src',
    'scratch/one/checkout/tree',
    'scratch/one/checkout/tmp',
    'scratch/one/checkout/runner',
    'scratch/two/checkout/tree',
  ])
    mkdirSync(at(folder), { recursive: true });
  const files = {
    'home/.ssh/id': 'the key',
    'home/.npmrc': 'token',
    'user/.env': 'SECRET=1',
    'user/src/a.txt': 'of the user',
    'user/.git/nx-wave/proofs/p': 'a sealed one',
    'user/.git/config': 'url',
    'user/.git/objects/o': 'object',
    'scratch/two/checkout/tree/x': 'other',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(at(path), text);
  const home = at('scratch/one/checkout');
  const checkout = join(home, 'tree');
  const env = { PATH: process.env['PATH'] ?? '', HOME: at('home'), TMPDIR: join(home, 'tmp'), LC_ALL: 'C' };
  const ground = {
    home: at('home'),
    repo: { topLevel: at('user'), commonDir: at('user/.git') },
    ofRunner: [at('user/.git/nx-wave')],
    scratchRoot: at('scratch'),
    envFiles: [at('user/.env')],
    heldOut: [],
    checkout: { home, runnerGitDir: join(home, 'runner'), borrowed: [at('user/.git/objects')] },
    memoryMb: 400,
    temporary: ['/tmp', '/var/tmp', '/run'],
    programs: [...programFolders(env.PATH)],
  };
  const policy = (grants: Partial<CageGrants> = {}) => cagePolicy(ground, [{ ...noGrants, ...grants }]);
  const cages = createCageEdge({ env: process.env, folder: at('cage') });
  return {
    dir,
    home: at('home'),
    user: at('user'),
    store: at('user/.git/nx-wave'),
    checkout,
    other: at('scratch/two/checkout/tree'),
    policy,
    run: async (
      [command = '', ...args],
      { grants, limitMs = 600_000, caged = true, env: more = {} } = {},
    ) => {
      const out: Buffer[] = [];
      const exit = await createProcessEdge({ graceMs: 60_000, cages }).supervise(command, args, {
        cwd: checkout,
        ownFolder: checkout,
        env: { ...env, ...more },
        stdin: 'the input',
        hardLimitMs: limitMs,
        idleLimitMs: 0,
        signal: new AbortController().signal,
        onOutput: (chunk) => out.push(Buffer.from(chunk)),
        ...(caged ? { cage: policy(grants) } : {}),
      });
      return { ...exit, out: Buffer.concat(out).toString() };
    },
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  };
}
