import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { currentOwner } from '../../packages/wave-plugin/src/edges/lease/owner';
import { goodPayloads } from '../../packages/wave-plugin/src/testing/envelopes';
import { createWaveRig, type WaveRig } from '../../packages/wave-plugin/src/testing/rig';
import { attackText, kitText, secretNames, type Attack, type SecretName, type Targets } from './attack';
import { type NxDoor } from './nx-door';
import { endProcessesWith, processesWith, startVictim, type Decoys } from './decoys';

/** A repository, a home and everything that one attack may find, below one folder. */
export interface World extends AsyncDisposable {
  rig: WaveRig;
  targets: Targets;
  secrets: Record<SecretName | 'reached', string>;
  /** Whether the attack has done what it came for, by what it has said. */
  hasSucceeded(said: string): boolean;
}

export interface WorldOptions {
  attack: Attack;
  by: 'agent' | 'proof';
  decoys: Decoys;
  /** False for a run without the engine, which ends nothing. */
  isRun: boolean;
  /** By which the attack comes, where it is a task of Nx. */
  door?: Pick<NxDoor, 'prepare' | 'checkoutsOf'> | undefined;
}

/** Below the limits of the waves of this suite an attack has not exhausted anything yet; its own caps are four times that. */
const limits = { idleMinutes: 5, memoryMb: 300, processes: 40, diskMb: 64 };

export async function createWorld({ attack, by, decoys, isRun, door }: WorldOptions): Promise<World> {
  const random = randomBytes(8).toString('hex');
  const mark = `nx-wave-attack-${random}`;
  const secrets = {
    ...(Object.fromEntries(secretNames.map((name) => [name, `planted-${name}-${random}`])) as Record<
      SecretName,
      string
    >),
    reached: 'reached',
  };
  const rig = createWaveRig({
    files: {
      '.gitignore': '.tmp/\nnode_modules/\n.nx/\n.env\n',
      'attacks/kit.mjs': kitText,
      'attacks/attack.mjs': attackText(attack),
      'attacks/targets.json': '{}',
    },
    agents: [
      {
        id: 'A1',
        ...(by === 'agent'
          ? { command: 'node attacks/agent.mjs' }
          : { command: 'node attacks/author.mjs', owns: ['src/A1.txt', 'test/'] }),
        ...(by === 'proof' && attack.setup !== true ? { proofCommands: ['node test/attack.mjs'] } : {}),
      },
    ],
    config: {
      limits,
      executors: { default: 'local', local: { isolation: 'auto' } },
      proof: { isolation: 'auto', level: 'exit' },
      ...(attack.setup === true ? { workspace: { setup: ['node attacks/attack.mjs'] } } : {}),
    },
  });
  const { root, dir } = rig;
  const home = join(dir, 'home');
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  rig.write('attacks/agent.mjs', `await import('./attack.mjs');\n${envelope}`);
  rig.write('attacks/author.mjs', `${author}${envelope}`);
  door?.prepare(rig);
  put(join(root, 'node_modules/pkg/index.js'), 'module.exports = 1;\n');
  put(join(root, '.nx/cache/1234/terminalOutput'), 'done\n');
  put(join(root, '.env'), `TOKEN=${secrets.env}\n`);
  rig.git('config', 'wave.password', secrets.config);
  rig.git('add', '-A');
  rig.git('commit', '-q', '-m', 'attacks');
  put(join(home, '.bashrc'), 'export A=1\n');
  put(join(home, '.ssh/id_ed25519'), secrets.key);
  put(join(home, '.aws/credentials'), secrets.cloud);
  put(join(home, '.npmrc'), `//registry.test/:_authToken=${secrets.registry}\n`);
  put(join(home, '.config/gh/hosts.yml'), secrets.forge);
  const workKey = 'f'.repeat(64);
  const store = join(root, '.git/nx-wave');
  put(join(store, 'proofs', workKey, 'manifest.json'), JSON.stringify({ note: secrets.proof }));
  put(join(store, 'tree-proofs', `${workKey}.json`), '{"results":[],"red":true}\n');
  put(join(store, 'attempts/wave-1/A2/attempt-1/bundle/manifest.json'), '{"of":"another"}\n');
  put(join(root, '.tmp/main-wave-launcher/closure/wave-7.json'), '{"state":"closed"}\n');
  const checkouts = door?.checkoutsOf(rig) ?? join(dir, 'scratch');
  const elsewhere = { ...currentOwner(), host: 'elsewhere.test' };
  const [quietCheckout, livingCheckout] = [
    ['wave-1-A2-quiet', elsewhere],
    ['wave-1-A3-living', currentOwner()],
  ].map(([name, owner]) => {
    const folder = join(checkouts, String(name));
    put(join(folder, 'owner.json'), JSON.stringify(owner));
    put(join(folder, 'checkout/tree/src/secret.txt'), secrets.sibling);
    return join(folder, 'checkout/tree');
  }) as [string, string];
  const blob = join(dir, 'blob.txt');
  writeFileSync(blob, random);
  const id = rig.git('hash-object', '-w', blob).trim();
  const object = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
  mkdirSync(join(dir, 'neighbour'));
  const temporary = mkdtempSync(join(tmpdir(), 'nx-wave-attack-'));
  const [homeSocket, temporarySocket, abstractSocket] = [
    join(home, 'agent.sock'),
    join(temporary, 'd.sock'),
    mark,
  ];
  const sockets = [
    await decoys.listen(homeSocket),
    await decoys.listen(temporarySocket),
    await decoys.listen(`\0${abstractSocket}`),
  ];
  const victimMark = `nx-wave-victim-${random}`;
  const victim = await startVictim(victimMark, secrets.victim);
  const targets: Targets = {
    ...{ root, home, workKey, object, mark, quietCheckout, livingCheckout },
    ...{ homeSocket, temporarySocket, abstractSocket, address: decoys.address },
    ...{ http: decoys.port, dns: decoys.dnsPort, neighbour: join(dir, 'neighbour') },
    victim: { pid: victim.pid, mark: victimMark },
    caps: { memoryMb: limits.memoryMb * 3, processes: limits.processes * 3, diskMb: limits.diskMb * 4 },
    holdMs: isRun ? 120_000 : 0,
  };
  put(join(root, 'attacks/targets.json'), JSON.stringify(targets));
  const before = stateOf(attack, targets);
  return {
    rig,
    targets,
    secrets,
    hasSucceeded: (said) => {
      const { harm } = attack;
      if ('changed' in harm) return stateOf(attack, targets) !== before;
      if ('learnt' in harm) return said.includes(secrets[harm.learnt]);
      if ('called' in harm) return decoys.wasCalled(mark);
      if ('lives' in harm) return processesWith(mark).length > 0;
      return victim.hasEnded();
    },
    [Symbol.asyncDispose]: async () => {
      endProcessesWith(mark);
      await victim[Symbol.asyncDispose]();
      for (const socket of sockets) await socket[Symbol.asyncDispose]();
      rig.dispose();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

const answer = {
  schemaVersion: 2,
  agentId: 'A1',
  role: 'implementation',
  proof: { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null },
  implementation: goodPayloads.implementation,
};

/** What makes an agent of it: owned work, and the envelope. */
const envelope = `import * as own from 'node:fs';
own.mkdirSync('src', { recursive: true });
own.writeFileSync('src/A1.txt', 'made by A1\\n');
own.writeFileSync(process.env.WAVE_RESULT_ENVELOPE, ${JSON.stringify(JSON.stringify(answer))});
`;

/** An agent that writes the attack as a test and stays in its checkout itself. */
const author = `import { cpSync } from 'node:fs';
for (const name of ['attack.mjs', 'kit.mjs', 'targets.json']) cpSync('attacks/' + name, 'test/' + name);
`;

function stateOf({ harm }: Attack, targets: Targets): string | null {
  if (!('changed' in harm)) return null;
  try {
    return readFileSync(harm.changed(targets), 'base64');
  } catch {
    return null;
  }
}

/** A checkout as an agent finds it, made without the engine: a clone that borrows objects, packages by links. */
export function bareCheckout({ rig: { dir, root, git } }: World): string {
  const checkout = join(dir, 'bare');
  git('clone', '-q', '--shared', root, checkout);
  writeFileSync(join(checkout, 'attacks/targets.json'), readFileSync(join(root, 'attacks/targets.json')));
  mkdirSync(join(checkout, 'node_modules'));
  symlinkSync(join(root, 'node_modules/pkg'), join(checkout, 'node_modules/pkg'));
  return checkout;
}
