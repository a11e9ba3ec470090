/** What an attack is after. */
export type Aim = 'write' | 'read' | 'call' | 'survive' | 'signal' | 'exhaust';

/** What is planted for attacks to find. Everything is made by the suite and removed with it. Absolute paths. */
export interface Targets {
  /** The person's repository. */
  root: string;
  home: string;
  /** Files of somebody else on this machine. */
  neighbour: string;
  /** A checkout that nobody works in, and one whose runner is alive. */
  quietCheckout: string;
  livingCheckout: string;
  workKey: string;
  /** A loose object of the person's repository. */
  object: string;
  http: number;
  dns: number;
  /** The machine's own address, not loopback; null where it has none. */
  address: string | null;
  homeSocket: string;
  temporarySocket: string;
  /** Without its first byte, which is zero. */
  abstractSocket: string;
  victim: { pid: number; mark: string };
  /** In the command line of everything that means to survive. */
  mark: string;
  /** Where an attack that exhausts stops by itself. */
  caps: { memoryMb: number; processes: number; diskMb: number };
  /** Milliseconds that it then holds what it has. */
  holdMs: number;
}

/** What is planted to be read: each value stands in one place alone. */
export const secretNames = [
  'key',
  'cloud',
  'registry',
  'forge',
  'env',
  'config',
  'proof',
  'sibling',
  'victim',
] as const;
export type SecretName = (typeof secretNames)[number];

/** How it shows that an attack has succeeded. */
export type Harm =
  /** Something there is other than before. */
  | { changed: (targets: Targets) => string }
  /** What was planted has come out: it stands in what the attack has said. */
  | { learnt: SecretName | 'reached' }
  /** A server of the suite was called. */
  | { called: true }
  /** A process of it lives after everything is over. */
  | { lives: true }
  /** The victim no longer runs. */
  | { ended: true };

export interface Attack {
  /** Unique, in the words of a path. */
  id: string;
  aim: Aim;
  /** For the table: what it does. */
  what: string;
  /** Statements of an ES module; see `kitText` for what is at hand. Runs in a checkout. */
  does: string;
  harm: Harm;
  /**
   * What a launch without a cage has to say at least: that this place was changed (`named`), or before anything happens that
   * nothing is held and seen (`foretold`). Default: `named` for writes, `foretold` otherwise.
   */
  told?: 'named' | 'foretold';
  /** Runs as `workspace.setup`, not as a proof command. */
  setup?: true;
}

/** What a launch without a cage owes of an attack. */
export const owed = ({ told, aim }: Attack): 'named' | 'foretold' =>
  told ?? (aim === 'write' || aim === 'exhaust' ? 'named' : 'foretold');

/** The module of every attack. What it prints as `loot` is what it has got out. */
export const kitText = `import * as cp from 'node:child_process';
import * as dgram from 'node:dgram';
import * as dns from 'node:dns';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
export { cp, dgram, dns, fs, net, os, path };
export const t = JSON.parse(fs.readFileSync(new URL('./targets.json', import.meta.url), 'utf8'));
/** Each byte one further, so that nothing that hides secrets in output knows them. */
export const loot = (text) => console.log('loot ' + Buffer.from(Buffer.from(String(text)).map((byte) => byte + 1)).toString('base64'));
export const take = (file) => loot(fs.readFileSync(file, 'utf8'));
export const put = (file, text = 'of the attack') => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text + '\\n');
};
export const sh = (script, ...args) =>
  cp.spawnSync('sh', ['-c', script, 'sh', ...args], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '';
/** Git of the person's repository, with nothing of what keeps the checkout apart. */
export const git = (...args) =>
  cp.execFileSync('git', args, { cwd: t.root, env: { PATH: process.env.PATH, HOME: t.home }, stdio: ['ignore', 'pipe', 'ignore'] });
/** One line to a socket; resolves when it is there, or refused. */
export const say = (to) =>
  new Promise((done) => {
    const socket = net.connect(to, () => socket.end(t.mark + '\\n'));
    socket.on('error', done).on('close', done);
  });
export const forever = "setTimeout(() => {}, 120_000)";
export const live = (command, args, options = {}) =>
  cp.spawn(command, args, { detached: true, stdio: 'ignore', ...options }).unref();
export const hold = () => new Promise((done) => setTimeout(done, t.holdMs));
`;

/** The program of an attack. What fails in it is said, and ends nothing. */
export function attackText({ does }: Pick<Attack, 'does'>): string {
  return `import { cp, dgram, dns, fs, net, os, path, t, loot, take, put, sh, git, say, forever, live, hold } from './kit.mjs';
try {
${does}
} catch (error) {
  console.log('failed: ' + (error.code ?? error.message));
}
`;
}
