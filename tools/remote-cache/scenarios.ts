import { setTimeout } from 'node:timers/promises';
import { hashOf, withFiles, type EntryFiles } from './entry';
import type { Meddle } from './server';
import type { CheckName } from './switched-off';
import { printedJson, type Deed, type Place, type Ran, type World } from './world';

/** What a scenario is played with. The entries are what honest launches have left; each scenario changes copies. */
export interface Stage {
  world: World;
  honest: ReadonlyMap<string, Buffer>;
  /** What somebody has left whose first agent does this; made once. */
  forged(deed: Deed): Promise<ReadonlyMap<string, Buffer>>;
  /** A check that is switched off in every clone that meets what is hostile: the scenario has to fail then. */
  without?: CheckName;
}

export interface Scenario {
  /** What happens, as the table says it. */
  name: string;
  /** Which check keeps what is hostile out; absent where nothing is. */
  check?: CheckName;
  /** Gives what did not hold, empty when all is well. */
  play(stage: Stage): Promise<string[]>;
}

/** Paths of the wave below the workspace, as entries name them. */
const launcher = '.tmp/main-wave-launcher';
const files = {
  a1: `${launcher}/results/wave-7/attempt-1/A1/manifest.json`,
  patch: `${launcher}/results/wave-7/attempt-1/A1/changes.patch`,
  handoff: `${launcher}/handoff/wave-7/A1.json`,
  verdict: `${launcher}/gates/wave-7/implementation.json`,
  slices: `${launcher}/gates/wave-7/integration/slices.json`,
  prove: `${launcher}/gates/wave-7/prove.json`,
};

interface Expected {
  ran?: string[];
  state?: string | null;
  fails?: boolean;
  says?: (string | RegExp)[];
}

/** What a command did otherwise than expected. */
function against(what: string, ran: Ran, expected: Expected): string[] {
  const found: string[] = [];
  const differs = (name: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should))
      found.push(`${what}: ${name} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`);
  };
  if (expected.ran !== undefined) differs('who ran', ran.ran, expected.ran);
  if (expected.state !== undefined) differs('the state', ran.state, expected.state);
  if (expected.fails !== undefined) differs('that it failed', ran.code !== 0, expected.fails);
  for (const text of expected.says ?? [])
    if (typeof text === 'string' ? !ran.output.includes(text) : !text.test(ran.output))
      found.push(`${what}: it does not say ${String(text)}`);
  return found.length === 0 ? [] : [...found, ran.output];
}

const nobody: string[] = [];
/** The end of a wave that closed without an agent. */
const closed: Expected = { ran: nobody, state: 'closed', fails: false };
/** Without a remote cache: the one thing to do where its server is no help. */
const skipped = { NX_SKIP_REMOTE_CACHE: 'true' };

/** Lets the server hold these entries and misbehave as told. */
function serve({ world }: Stage, entries: ReadonlyMap<string, Buffer>, meddle: Meddle | null = null): void {
  world.remote.entries.clear();
  for (const [hash, bytes] of entries) world.remote.entries.set(hash, bytes);
  world.remote.meddle = meddle;
  world.remote.requests.length = 0;
}

/** The first clone has launched and everything is stored: others close on it. */
const restores: Scenario = {
  name: 'a second clone closes, and no agent runs; plan and status say that Nx restored it',
  async play(stage) {
    serve(stage, stage.honest);
    const second = stage.world.clone();
    const launched = await second.launch(stage.world.remote.env());
    const planned = printedJson((await second.run('plan', { args: ['--json'] })).output);
    const status = printedJson((await second.run('status', { args: ['--json'] })).output);
    const units = planned['units'] as { unitId: string; from: { origin: string } | null }[] | undefined;
    const sources = status['sources'] as { unitId: string; origin: string }[] | undefined;
    // A plan does not ask the cache of Nx: A8 comes after A1, which would be proved again without it.
    const told = [
      ...(units ?? []).map(({ unitId, from }) => `plan ${unitId} ${from?.origin ?? '-'}`),
      ...(sources ?? []).map(({ unitId, origin }) => `status ${unitId} ${origin}`),
    ].join(', ');
    const wanted = 'plan A1 nx-cache, plan A8 -, status A1 nx-cache, status A8 nx-cache';
    return [
      ...against('launch', launched, { ...closed, says: ['[remote cache]'] }),
      ...(told === wanted ? [] : [`the sources are told as: ${told}`]),
    ];
  },
};

const readOnly: Scenario = {
  name: 'a token that may only read: nothing is stored, nothing breaks, nobody is paid again',
  async play(stage) {
    serve(stage, new Map());
    const second = stage.world.clone();
    const env = stage.world.remote.env('read');
    const first = against('launch', await second.launch(env), {
      ran: ['A1', 'A8'],
      state: 'closed',
      fails: false,
    });
    const { entries, requests } = stage.world.remote;
    const refused = requests.filter(({ method, status }) => method === 'PUT' && status === 403).length;
    const stored = [
      ...(entries.size === 0 ? [] : ['something was stored']),
      ...(refused === 0 ? ['nothing was refused'] : []),
    ];
    const again = against('launch again', await second.launch(env), closed);
    serve(stage, stage.honest);
    const restored = await stage.world.clone().launch(env);
    return [...first, ...stored, ...again, ...against('launch with a full cache', restored, closed)];
  },
};

const slow: Scenario = {
  name: 'a slow server: the clone waits, closes, and no agent runs',
  async play(stage) {
    serve(stage, stage.honest, async () => {
      await setTimeout(1500);
      return null;
    });
    return against('launch', await stage.world.clone().launch(stage.world.remote.env()), closed);
  },
};

/** Nx asks its server before it starts a task, and ends the run where that fails: our code is not asked. */
const unusable = (name: string, meddleOf: (a1: string) => Meddle): Scenario => ({
  name: `${name}: nobody runs, nothing is closed, and without the server the wave closes`,
  async play(stage) {
    // It has run the agents itself: its store has every proof, and Nx and the view nothing.
    const { first } = stage.world;
    first.at.remove('.tmp');
    await first.at.nx(['reset', '--only-cache']);
    serve(stage, stage.honest, meddleOf(hashOf(stage.honest, files.a1)));
    const launched = await first.launch(stage.world.remote.env());
    serve(stage, stage.honest);
    return [
      ...against('launch', launched, { ran: nobody, state: null, fails: true }),
      ...against('launch without the server', await first.launch(skipped), closed),
    ];
  },
});

const on = (hash: string, trouble: ReturnType<Meddle>): Meddle => {
  return (asked) => (asked.method === 'GET' && asked.hash === hash ? trouble : null);
};

const killedAtWork: Scenario = {
  name: 'the server is killed while an agent works: what was paid is kept, and the next launch goes on from it',
  async play(stage) {
    await using theirs = await stage.world.ownServer();
    theirs.meddle = ({ method }) => (method === 'PUT' ? 'die' : null);
    const second = stage.world.clone();
    const launched = await second.launch(theirs.env());
    return [
      ...against('launch', launched, { ran: ['A1'], fails: true }),
      ...against('launch without the server', await second.launch(skipped), {
        ran: ['A8'],
        state: 'closed',
        fails: false,
      }),
    ];
  },
};

const killedAtRestoring: Scenario = {
  name: 'the server is killed while a clone restores: nobody runs, and what was restored is not paid',
  async play(stage) {
    await using theirs = await stage.world.ownServer();
    for (const [hash, bytes] of stage.honest) theirs.entries.set(hash, bytes);
    const a1 = hashOf(stage.honest, files.a1);
    let served = false;
    theirs.meddle = ({ hash }) => {
      if (served && hash !== a1) return 'die';
      served ||= hash === a1;
      return null;
    };
    const second = stage.world.clone();
    const launched = await second.launch(theirs.env());
    return [
      ...against('launch', launched, { ran: nobody, state: null, fails: true }),
      ...against('launch without the server', await second.launch(skipped), {
        ran: ['A8'],
        state: 'closed',
        fails: false,
      }),
    ];
  },
};

/** A launch on a cache that somebody has changed, in a clone that has nothing else to go by. */
async function met(stage: Stage, entries: ReadonlyMap<string, Buffer>): Promise<{ place: Place; ran: Ran }> {
  serve(stage, entries);
  const place = stage.world.clone({ without: stage.without });
  return { place, ran: await place.launch(stage.world.remote.env()) };
}

/** Which wave, which agent, what is wrong, and one command: in the output of the launch that was refused. */
const refused = (agentId: string, what: string | RegExp, next: string): Expected => ({
  ran: nobody,
  fails: true,
  says: ['wave-7', agentId, what, `nx run wave-7:${next} --skip-nx-cache`],
});

const poisoned = (
  name: string,
  check: CheckName,
  {
    file,
    missing,
    change,
    expected,
  }: {
    /** Names the entry that is changed. */
    file: string;
    /** Names an entry that the server does not have. */
    missing?: string;
    change: (files: EntryFiles) => void;
    expected: Expected;
  },
): Scenario => ({
  name,
  check,
  async play(stage) {
    const hash = hashOf(stage.honest, file);
    const entries = withFiles(stage.honest, hash, change);
    if (missing !== undefined) entries.delete(hashOf(stage.honest, missing));
    const { ran } = await met(stage, entries);
    return [
      ...against('launch', ran, expected),
      ...(ran.state === 'closed' ? ['the wave is closed on it'] : []),
    ];
  },
});

const textOf = (all: EntryFiles, name: string): string => {
  const content = all.get(name);
  return Buffer.isBuffer(content) ? content.toString('utf8') : '';
};

/** What stands beside the honest entries is the first agent's work of somebody else. */
async function withForgedAgent(stage: Stage, deed: Deed): Promise<Map<string, Buffer>> {
  const theirs = await stage.forged(deed);
  const hash = hashOf(stage.honest, files.a1);
  const entry = theirs.get(hash);
  if (entry === undefined)
    throw new Error('the forged agent does not stand under the hash of the honest one');
  return new Map(stage.honest).set(hash, entry);
}

const forgedAgent = (
  name: string,
  deed: Deed,
  { check, says }: { check?: CheckName; says: (string | RegExp)[] },
): Scenario => ({
  name,
  ...(check === undefined ? {} : { check }),
  async play(stage) {
    const { ran } = await met(stage, await withForgedAgent(stage, deed));
    return [
      ...against('launch', ran, { ran: nobody, fails: true, says: ['wave-7', 'A1', ...says] }),
      ...(ran.state === 'closed' ? ['the wave is closed on it'] : []),
    ];
  },
});

/** Everything is of somebody else, the closing too: what stands there says closed, and nothing of it lands. */
const forgedWhole: Scenario = {
  name: 'everything is forged, the closing too: it says closed, and nothing of it lands',
  async play(stage) {
    const { place, ran } = await met(stage, await stage.forged('bad'));
    const before = place.at.git('status', '--porcelain');
    const landed = await place.run('land', { args: ['--by=Ada'] });
    return [
      ...against('launch', ran, { ran: nobody }),
      ...against('land', landed, { ran: nobody, fails: true, says: ['A1', 'grep'] }),
      ...(place.at.git('status', '--porcelain') === before ? [] : ['the tree has changed']),
    ];
  },
};

/** Nx restores what a task declares as its outputs, whatever else an entry holds. */
const moreFiles: Scenario = {
  name: 'an entry with files that are no outputs of its task: none of them is written',
  async play(stage) {
    const hash = hashOf(stage.honest, files.a1);
    const extra = ['.git/hooks/pre-commit', '.git/nx-wave/proofs/aa/x', 'src/evil.txt', 'nx-evil.json'];
    const entries = withFiles(stage.honest, hash, (all) =>
      extra.forEach((name) => all.set(name, Buffer.from('evil\n'))),
    );
    const { place, ran } = await met(stage, entries);
    const there = extra.filter((name) => {
      try {
        return place.at.read(name) === 'evil\n';
      } catch {
        return false;
      }
    });
    return [...against('launch', ran, closed), ...there.map((name) => `${name} was written`)];
  },
};

/** Nx restores links as they are; whoever writes there next must not write to where they lead. */
const linked: Scenario = {
  name: 'a link in place of an output: what it leads to is neither read as a verdict nor written',
  async play(stage) {
    const hash = hashOf(stage.honest, files.verdict);
    const entries = withFiles(stage.honest, hash, (all) =>
      all.set(files.verdict, { link: '../../../../wave.config.json' }),
    );
    const { place, ran } = await met(stage, entries);
    const again = await place.run('gate-implementation', { args: ['--skip-nx-cache'] });
    const changed = place.at.git('status', '--porcelain');
    return [
      ...against('launch', ran, refused('A8', /verdict/, 'gate-implementation')),
      ...against('the gate again', again, { ran: nobody, fails: false }),
      ...(changed === '' ? [] : [`written through the link: ${changed}`]),
    ];
  },
};

const branches: Scenario = {
  name: 'two branches at once on one cache: each closes on its own work, and others on it too',
  async play(stage) {
    serve(stage, new Map());
    const env = stage.world.remote.env();
    const [one, other] = [stage.world.clone(), stage.world.clone()];
    const change = (place: Place) =>
      place.at.replace(
        'docs/plans/waves/wave-7.md',
        'Do the work of A1.',
        'Do the work of A1 on this branch.',
      );
    change(other);
    other.at.git('commit', '-qam', 'another prompt');
    const before = stage.world.starts().length;
    const [here, there] = await Promise.all([one.launch(env), other.launch(env)]);
    const ran = stage.world.starts().slice(before);
    const starts =
      ran.filter((id) => id === 'A1').length === 2
        ? []
        : [`not each branch ran its own A1: ${ran.join(' ')}`];
    const third = stage.world.clone();
    const first = await third.launch(env);
    const fourth = stage.world.clone();
    change(fourth);
    return [
      ...against('launch on one branch', here, { state: 'closed', fails: false }),
      ...against('launch on the other', there, { state: 'closed', fails: false }),
      ...starts,
      ...against('a third clone on one branch', first, closed),
      ...against('a fourth on the other', await fourth.launch(env), closed),
    ];
  },
};

/** In the order in which they are played; the short form plays those of `shortForm`. */
export const scenarios: readonly Scenario[] = [
  restores,
  readOnly,
  slow,
  unusable('the server answers with an error', (a1) => on(a1, { status: 503 })),
  unusable('an entry is garbage', (a1) => on(a1, { body: Buffer.from('no archive') })),
  unusable('an entry is empty', (a1) => on(a1, { body: Buffer.alloc(0) })),
  unusable('an entry ends in the middle', (a1) => on(a1, 'cut')),
  killedAtWork,
  killedAtRestoring,
  poisoned('a byte of a proof is another one: refused by name', 'bytes', {
    file: files.a1,
    // The gate looks at the proof; where Nx restores its verdict, `launch` only says that the agent is not proven.
    missing: files.verdict,
    change: (all) => all.set(files.patch, Buffer.from(`${textOf(all, files.patch)}\n`)),
    expected: refused('A1', /changes\.patch does not have the recorded hash/, 'agent-a1'),
  }),
  poisoned('a handoff says more than its proof: refused by name', 'handoff', {
    file: files.a1,
    change: (all) =>
      all.set(
        files.handoff,
        Buffer.from(textOf(all, files.handoff).replace(/"role":"[a-z-]+"/, '"role":"security"')),
      ),
    expected: refused('A1', /another handoff/, 'agent-a1'),
  }),
  poisoned('the slices of a stage are not those that its gate judged: refused by name', 'slices', {
    file: files.slices,
    // Nothing but `prove` reads the slices of the last stage.
    missing: files.prove,
    change: (all) =>
      all.set(files.slices, Buffer.from(textOf(all, files.slices).replaceAll('src/A8.txt', 'src/A9.txt'))),
    expected: refused('A8', /is not the one that gate-integration judged/, 'gate-integration'),
  }),
  forgedAgent('the work of an agent that nobody has proved: its command is run here, and is red', 'bad', {
    says: ['grep'],
  }),
  forgedAgent(
    'work outside of the ownership, sealed by a runner that allows it: refused by name',
    'outside',
    {
      check: 'ownership',
      says: ['docs/notes/outside.md'],
    },
  ),
  forgedWhole,
  moreFiles,
  linked,
  branches,
];

/** Those that a minute of CPU is enough for. */
export const shortForm: readonly Scenario[] = scenarios.filter(
  (one) => one === restores || one === killedAtWork || one.check === 'bytes' || one.check === 'ownership',
);
