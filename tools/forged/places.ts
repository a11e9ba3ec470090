import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LedgerEntry } from '@nx-wave/schemas';
import { canonicalJson, sha256 } from '@nx-wave/schemas/plain';
import { packFolder, unpackArchive } from '../../packages/wave-plugin/src/edges/shared-store/archive';
import {
  bundlesBelow,
  fileChanges,
  filesBelow,
  forge,
  forgeries,
  readManifest,
  replaceFile,
  type Kind,
} from './tamper';
import { copyTree, type Door, type ForgedWorld, type Outcome } from './world';

/** One thing that is done, and what it must not lead to. */
export interface Trial {
  kind: Kind;
  what: string;
  /** Whose work it is of, or null. */
  agent: string | null;
  /** Nothing of it breaks a rule: without signatures it is that of whoever may write there. */
  honest: boolean;
  act(): void | Promise<void>;
  /** Whether what was changed was taken for what it says. */
  isUsed(outcome: Outcome): boolean;
}

/** Where something is stored, and by which door somebody comes who reads it. */
export interface Place {
  name: string;
  /** Each trial goes through each of them. */
  doors: readonly Door[];
  /** What else would answer before it, or in its place; it goes. */
  alone(world: ForgedWorld): string[];
  /** What the honest bytes lead to, by each door: or the place is not read at all, and its trials would prove nothing. */
  isRead(outcome: Outcome): boolean;
  trials(world: ForgedWorld): Promise<Trial[]>;
}

const launcher = ({ root }: ForgedWorld) => join(root, '.tmp/main-wave-launcher');
const durable = ({ root }: ForgedWorld) => join(root, '.git/nx-wave');
const never = () => false;

/** Nobody was paid, and everything was closed. */
const served = ({ starts, tasks }: Outcome) => starts.length === 0 && tasks['launch'] === 'passed';
const passes = ({ tasks }: Outcome) =>
  Object.values(tasks).every((end) => end !== 'failed' && end !== 'skipped');

/** The work of an agent counted, and its program did not run. */
const counted =
  (agent: string | null) =>
  ({ starts, tasks }: Outcome): boolean => {
    const task = tasks[`agent-${(agent ?? '').toLowerCase()}`];
    // By a door without agents its gate has looked at it.
    if (task === undefined) return tasks[`gate-${stageOf(agent)}`] === 'passed';
    return !starts.includes(agent ?? '') && (task === 'proven' || task === 'reused');
  };

const stageOf = (agent: string | null) =>
  agent === 'A8' ? 'integration' : agent === 'A0' ? 'cont-qa' : 'implementation';

/** It counted as it stood, without having been proven again. */
const believedAtOnce =
  (agent: string | null) =>
  ({ tasks }: Outcome): boolean =>
    tasks[`agent-${(agent ?? '').toLowerCase()}`] === 'reused';

/** Work keys of what the agents are asked for now. */
const presentKeys = (world: ForgedWorld): ReadonlySet<string> =>
  new Set(
    filesBelow(join(launcher(world), 'handoff')).map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { workKey: string }).workKey,
    ),
  );

interface BundleRules {
  /** The folder of a bundle has its digest in its name: then its manifest cannot change either. */
  named: boolean;
  /** Puts one bundle in the place of another. */
  replay(from: string, to: string): void;
  /** Called after a bundle was changed with all its digests. */
  resealed?(world: ForgedWorld, folder: string): void;
}

/** Everything that can be done to the bundles below a folder that are asked for now. */
function bundleTrials(world: ForgedWorld, folder: string, { named, replay, resealed }: BundleRules): Trial[] {
  const present = presentKeys(world);
  const bundles = bundlesBelow(folder);
  const targets = bundles.filter((bundle) => present.has(readManifest(bundle).predicate.workKey));
  const short = (path: string) => path.slice(folder.length + 1);
  return targets.flatMap((bundle) => {
    const own = readManifest(bundle).predicate;
    const agent = own.agentId;
    const isCounted = counted(agent);
    const files = filesBelow(bundle);
    // Another copy of the same work, such as what was collected before it was judged, would answer in its place.
    const twins = bundles.filter(
      (one) => one !== bundle && readManifest(one).predicate.workKey === own.workKey,
    );
    const alone = (trial: Trial): Trial => ({
      ...trial,
      act() {
        for (const twin of twins) rmSync(twin, { recursive: true, force: true });
        return trial.act();
      },
    });
    const trials = files.flatMap((path) => {
      const isManifest = basename(path) === 'manifest.json';
      // Where no name holds it, a manifest is what it says, and is proven again before it counts.
      const isUsed = isManifest && !named ? believedAtOnce(agent) : isCounted;
      const same = bundles
        .map((other) => join(other, path.slice(bundle.length + 1)))
        .filter((other) => other !== path && existsSync(other));
      return changesOf(path, same, { what: short(path), agent, isUsed });
    });
    for (const from of bundles)
      if (from !== bundle && !twins.includes(from))
        trials.push({
          ...{ kind: 'swapped or replayed', what: `${short(from)} in place of ${short(bundle)}`, agent },
          honest: false,
          act: () => replay(from, bundle),
          isUsed: isCounted,
        });
    const other = bundles.map((one) => readManifest(one).predicate).find(({ agentId }) => agentId !== agent);
    // What was collected has no envelope that was judged: nothing of it is believed before it is.
    const isJudged = existsSync(join(bundle, 'envelope.json'));
    if (own.role !== 'implementation' || other === undefined || !isJudged) return trials.map(alone);
    for (const forgery of forgeries)
      trials.push({
        ...{ kind: forgery.shows ? 'forged, digests right' : 'forged, honest by every rule', agent },
        what: `${forgery.name}: ${short(bundle)}`,
        honest: !forgery.shows,
        act: () => {
          const forged = forge(bundle, forgery, other);
          resealed?.(world, forged);
        },
        // It may be served to the gate, which proves what is merged: what counts is what the wave closes on.
        isUsed: never,
      });
    return trials.map(alone);
  });
}

/** The changes of one file. A document without a digest counts only where it says something else afterwards. */
function changesOf(
  path: string,
  same: readonly string[],
  trial: Pick<Trial, 'what' | 'agent' | 'isUsed'> & { means?: (text: string) => string },
): Trial[] {
  const bytes = readFileSync(path);
  const others = same.map((other) => readFileSync(other));
  const { means, ...rest } = trial;
  const seen = new Set<string>();
  return fileChanges.flatMap(({ kind, name, change }): Trial[] => {
    const changed = change(bytes, others);
    if (changed?.equals(bytes) === true) return [];
    const now = changed === null ? 'removed' : changed.toString('latin1');
    if (seen.has(now)) return [];
    seen.add(now);
    if (means !== undefined && changed !== null && means(changed.toString()) === means(bytes.toString()))
      return [];
    return [
      { ...rest, kind, what: `${name}: ${trial.what}`, honest: false, act: () => replaceFile(path, changed) },
    ];
  });
}

/** What a JSON document says; one that is broken says something else. */
const jsonMeaning = (text: string): string => {
  try {
    return canonicalJson(JSON.parse(text) as never);
  } catch {
    return `broken: ${sha256(text)}`;
  }
};

/** The same without the members that nothing is decided by. */
const decidingMembers =
  (pick: (value: Record<string, unknown>) => unknown) =>
  (text: string): string => {
    try {
      return canonicalJson(pick(JSON.parse(text) as Record<string, unknown>) as never);
    } catch {
      return `broken: ${sha256(text)}`;
    }
  };

/** JSON documents and packs of a folder, each changed alone. */
function documentTrials(
  folder: string,
  wanted: RegExp,
  rules: { isUsed(path: string): (outcome: Outcome) => boolean; means?: (text: string) => string },
): Trial[] {
  const files = filesBelow(folder).filter((path) => wanted.test(path.slice(folder.length + 1)));
  return files.flatMap((path) => {
    const what = path.slice(folder.length + 1);
    const same = files.filter(
      (other) => other !== path && other.split('.').at(-1) === path.split('.').at(-1),
    );
    const means = path.endsWith('.json') ? { means: rules.means ?? jsonMeaning } : {};
    return changesOf(path, same, { what, agent: null, isUsed: rules.isUsed(path), ...means });
  });
}

const inPlace = (from: string, to: string) => copyTree(from, to);

const proofStore: Place = {
  name: 'proof store',
  doors: ['launch'],
  alone: (world) => [join(world.root, '.tmp'), join(durable(world), 'attempts'), world.shared],
  isRead: served,
  trials: async (world) =>
    bundleTrials(world, join(durable(world), 'proofs'), {
      named: true,
      replay(from, to) {
        // Under its own digest, below the key of the other: its name holds.
        copyTree(from, join(dirname(to), basename(from)));
        rmSync(to, { recursive: true });
      },
    }),
};

const attempts: Place = {
  name: 'attempts',
  doors: ['launch'],
  alone: (world) => [join(world.root, '.tmp'), join(durable(world), 'proofs'), world.shared],
  isRead: served,
  trials: async (world) =>
    bundleTrials(world, join(durable(world), 'attempts'), { named: false, replay: inPlace }),
};

/** By the first door agents are asked, by the second Nx has restored what they left and asks the gates. */
const results: Place = {
  name: 'results',
  doors: ['launch', 'gates'],
  alone: (world) => [durable(world), world.shared],
  isRead: served,
  trials: async (world) =>
    bundleTrials(world, join(launcher(world), 'results'), { named: false, replay: inPlace }),
};

/** `<folder>/v1`, `v2`, …: the newest version is the object. */
function objectFile(folder: string): string {
  const numbers = readdirSync(folder).flatMap((name) => /^v(\d+)$/.exec(name)?.[1] ?? []);
  return join(folder, `v${Math.max(...numbers.map(Number))}`);
}

interface StoredArchive {
  digest: string;
  file: string;
  claim: string;
  agent: string;
  workKey: string;
}

/** The bundles of the shared store that claims of today name. */
async function storedArchives({ shared, tree }: ForgedWorld): Promise<StoredArchive[]> {
  const found: StoredArchive[] = [];
  for (const workKey of readdirSync(join(shared, 'claims'))) {
    const claim = objectFile(join(shared, 'claims', workKey));
    const { proofs } = JSON.parse(readFileSync(claim, 'utf8')) as { proofs: string[] };
    for (const digest of proofs) {
      const file = objectFile(join(shared, 'bundles', digest));
      const agent = await inArchive(
        dirname(tree.root),
        file,
        (folder) => readManifest(folder).predicate.agentId,
      );
      found.push({ digest, file, claim, agent, workKey });
    }
  }
  return found;
}

/** An archive laid out in a folder for a moment. */
async function inArchive<T>(
  beside: string,
  file: string,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(beside, 'archive-'));
  try {
    const folder = join(home, 'bundle');
    const unpacked = await unpackArchive(readFileSync(file), folder);
    if (!unpacked.ok) throw new Error(unpacked.error.message);
    return await use(folder);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Changes what is in an archive, packs it again, and lets the claim name it: all digests fit. */
async function repack(
  { shared, tree }: ForgedWorld,
  { file, claim, digest }: StoredArchive,
  change: (folder: string) => void,
): Promise<void> {
  await inArchive(dirname(tree.root), file, async (folder) => {
    change(folder);
    const packed = await packFolder(folder);
    if (!packed.ok) throw new Error(packed.error.message);
    const now = sha256(packed.value);
    const place = join(shared, 'bundles', now);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'v1'), packed.value);
    writeFileSync(claim, readFileSync(claim, 'utf8').replaceAll(digest, now));
  });
}

async function archiveTrials(world: ForgedWorld, resealed?: (folder: string) => void): Promise<Trial[]> {
  const archives = await storedArchives(world);
  const present = presentKeys(world);
  const targets = archives.filter(({ workKey }) => present.has(workKey));
  const beside = dirname(world.root);
  const trials: Trial[] = [];
  for (const target of targets) {
    const { agent, file, claim, digest } = target;
    const isUsed = counted(agent);
    const same = archives.filter((one) => one !== target).map((one) => one.file);
    trials.push(...changesOf(file, same, { what: `archive of ${agent}`, agent, isUsed }));
    // Claims have no digest: whoever writes there can claim and free. No work comes in by that.
    trials.push(
      ...changesOf(claim, [], { what: `claim of ${agent}`, agent, isUsed: never, means: jsonMeaning }),
    );
    for (const other of archives.filter((one) => one !== target))
      trials.push({
        ...{
          kind: 'swapped or replayed',
          what: `the claim of ${agent} names another work of ${other.agent}`,
        },
        ...{ agent, honest: false, isUsed },
        act: () => writeFileSync(claim, readFileSync(claim, 'utf8').replaceAll(digest, other.digest)),
      });
    const inside = await inArchive(beside, file, (folder) =>
      filesBelow(folder).map((path) => path.slice(folder.length + 1)),
    );
    for (const name of inside.filter((one) => one !== 'manifest.json' && !one.endsWith('.sig')))
      trials.push({
        ...{ kind: 'flipped', what: `${name} in the archive of ${agent}, whose digest fits`, agent },
        ...{ honest: false, isUsed },
        act: () =>
          repack(world, target, (folder) => {
            const bytes = readFileSync(join(folder, name));
            const at = bytes.length >> 1;
            bytes[at] = (bytes[at] ?? 0) ^ 1;
            replaceFile(join(folder, name), bytes.length === 0 ? Buffer.from('x') : bytes);
          }),
      });
    const manifest = await inArchive(beside, file, (folder) => readManifest(folder).predicate);
    if (manifest.role !== 'implementation') continue;
    const stranger = archives.find((one) => one.agent !== agent);
    if (stranger === undefined) continue;
    const other = await inArchive(beside, stranger.file, (folder) => readManifest(folder).predicate);
    for (const forgery of forgeries)
      trials.push({
        ...{ kind: forgery.shows ? 'forged, digests right' : 'forged, honest by every rule', agent },
        ...{ what: `${forgery.name}: archive of ${agent}`, honest: !forgery.shows },
        act: () =>
          repack(world, target, (folder) => {
            forge(folder, forgery, other);
            resealed?.(folder);
          }),
        isUsed: never,
      });
  }
  return trials;
}

const sharedStore: Place = {
  name: 'shared store',
  doors: ['launch'],
  alone: (world) => [durable(world), join(world.root, '.tmp')],
  isRead: served,
  trials: (world) => archiveTrials(world),
};

const handoffs: Place = {
  name: 'handoffs',
  doors: ['gates'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    documentTrials(join(launcher(world), 'handoff'), /\.json$/, { isUsed: () => passes }),
};

/** Verdicts of stages and the slices that each judged, which the next stage builds on. */
const gates: Place = {
  name: 'verdicts and slices',
  doors: ['later gates'],
  alone: () => [],
  isRead: passes,
  trials: async (world) => [
    ...documentTrials(
      join(launcher(world), 'gates/wave-1'),
      /^implementation(\.json|\/(slices\.json|objects\.pack))$/,
      {
        isUsed: () => passes,
      },
    ),
  ],
};

/** The last verdict and its slices, which the whole is proved and landed on. */
const lastGate: Place = {
  name: 'last verdict and slices',
  doors: ['prove'],
  alone: (world) => [join(durable(world), 'tree-proofs')],
  isRead: passes,
  trials: async (world) =>
    documentTrials(
      join(launcher(world), 'gates/wave-1'),
      /^cont-qa(\.json|\/(slices\.json|objects\.pack))$/,
      {
        isUsed: () => passes,
      },
    ),
};

/** What `prove` found: launch closes on it. */
const proved: Place = {
  name: 'record of prove',
  doors: ['close'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    documentTrials(join(launcher(world), 'gates/wave-1'), /^prove(\.json|\/changes\.patch)$/, {
      isUsed: (path) => (path.endsWith('.patch') ? ({ tasks }) => tasks['launch'] === 'passed' : never),
      means: decidingMembers(({ ok, upstream, tree, changes, patchSha256, reasons }) => ({
        ...{ ok, upstream, tree, changes, patchSha256, reasons },
      })),
    }),
};

/** The closing record: land asks it who was proven, and by which verdicts. */
const closing: Place = {
  name: 'closing',
  doors: ['land'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    documentTrials(join(launcher(world), 'closure'), /\.json$/, {
      isUsed: () => passes,
      means: decidingMembers(({ state, agents, verdicts }) => ({
        state,
        verdicts,
        agents: (agents as Record<string, unknown>[]).map(({ agentId, workKey, resultDigest }) => ({
          ...{ agentId, workKey, resultDigest },
        })),
      })),
    }),
};

const remembered = ({ lines }: Outcome) => lines.filter((line) => line.includes('proved before')).length;

/** Which merged trees were proved here. All of them are of use in one launch: a changed one must not be. */
const treeProofs: Place = {
  name: 'proofs of merged trees',
  doors: ['launch'],
  alone: () => [],
  isRead: (outcome) => remembered(outcome) > 0,
  trials: async (world) => {
    const folder = join(durable(world), 'tree-proofs');
    const asked = (await whatIsAsked(world, folder)).map((path) => basename(path));
    const honest = remembered(await world.enter('launch'));
    world.restore();
    const trials = documentTrials(folder, /\.json$/, {
      isUsed: () => (outcome) => remembered(outcome) >= honest,
    });
    return trials.filter(({ what }) => asked.some((name) => what.endsWith(name)));
  },
};

/** Files of a folder without which the launch proves something anew. */
async function whatIsAsked(world: ForgedWorld, folder: string): Promise<string[]> {
  const asked: string[] = [];
  for (const path of filesBelow(folder)) {
    world.restore();
    rmSync(path);
    await world.enter('launch');
    if (existsSync(path)) asked.push(path);
  }
  world.restore();
  return asked;
}

const ledger: Place = {
  name: 'ledger',
  doors: ['launch'],
  alone: () => [],
  isRead: served,
  trials: async (world) => {
    const folder = join(world.root, 'docs/plans/waves/wave-1.ledger');
    const trials = documentTrials(folder, /\.json$/, {
      // Named, or it is a decision that decides nothing here: neither may change what the wave closes on.
      isUsed: () => never,
      means: decidingMembers(({ by: _by, reason: _reason, recordedAt: _at, id: _id, ...rest }) => rest),
    });
    return [...trials, ...ledgerForgeries(folder)];
  },
};

/** Entries that nobody of this wave has decided. */
function ledgerForgeries(folder: string): Trial[] {
  const [path = ''] = filesBelow(folder);
  const known = filesBelow(folder).map((one) => JSON.parse(readFileSync(one, 'utf8')) as LedgerEntry);
  const common = known[0];
  const id = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ';
  const add = (more: Record<string, unknown>) => {
    const entry = { ...common, code: undefined, agentId: undefined, paths: undefined, id, ...more };
    writeFileSync(join(dirname(path), `${id}-${String(more['type'])}.json`), JSON.stringify(entry));
  };
  const trial = (kind: Kind, what: string, rest: Pick<Trial, 'act' | 'isUsed'>): Trial => ({
    ...{ kind, what, agent: null, honest: false, ...rest },
  });
  const digest = sha256('nobody has made it');
  const landed = { type: 'wave.landed', closureDigest: digest, changes: [], agents: [] };
  const isLanded = ({ closure }: Outcome) => closure?.landed === true;
  const waiver = known.findIndex(({ type }) => type === 'gate.waived');
  return [
    trial('swapped or replayed', 'a landing of another wave', {
      act: () => add({ ...landed, wave: 'wave-9' }),
      isUsed: isLanded,
    }),
    trial('swapped or replayed', 'the waiver of another wave in place of its own', {
      act() {
        const file = filesBelow(folder)[waiver] ?? '';
        writeFileSync(file, JSON.stringify({ ...known[waiver], wave: 'wave-9' }));
      },
      isUsed: ({ tasks }) => tasks['gate-integration'] === 'passed',
    }),
    trial('swapped or replayed', 'a request of another wave to run again', {
      act: () =>
        add({ type: 'retry.applied', agents: ['A1'], fresh: true, executorChanges: [], wave: 'wave-9' }),
      isUsed: ({ starts }) => starts.includes('A1'),
    }),
    ...['../', '.git/hooks/', 'docs/plans/waves/wave-1.ledger/'].map((granted) =>
      trial('forged, digests right', `an amendment that grants ${granted}`, {
        act: () => add({ type: 'ownership.amended', agentId: 'A1', paths: [granted] }),
        isUsed: never,
      }),
    ),
    trial('forged, digests right', 'a slice of a person that there is not', {
      act: () => add({ type: 'slice.adopted', agentId: 'A1', proofDigest: digest, resultDigest: digest }),
      isUsed: ({ tasks }) => tasks['launch'] === 'passed',
    }),
    trial('forged, digests right', 'a waiver of what cannot be waived', {
      act: () => add({ type: 'gate.waived', code: 'merge-red', agentId: null }),
      isUsed: never,
    }),
  ];
}

/** Under `trust: "signed"`: what is not signed by somebody who may is refused, however well it is made. */
export const signedPlaces: readonly Place[] = [
  {
    ...results,
    name: 'results, signed',
    trials: (world) => signedTrials(world, join(launcher(world), 'results')),
  },
  {
    ...sharedStore,
    name: 'shared store, signed',
    async trials(world) {
      const unsigned = await archiveTrials(world);
      const bySomebody = await archiveTrials(world, (folder) =>
        world.sign(join(folder, 'manifest.json'), 'mallory'),
      );
      return [...unsigned, ...bySomebody.filter(({ kind }) => kind.startsWith('forged'))].map(mustBeSigned);
    },
  },
];

async function signedTrials(world: ForgedWorld, folder: string): Promise<Trial[]> {
  const rules = { named: false, replay: inPlace };
  const bySomebody = bundleTrials(world, folder, {
    ...rules,
    resealed: (_, bundle) => world.sign(join(bundle, 'manifest.json'), 'mallory'),
  });
  const trials = [
    ...bundleTrials(world, folder, rules),
    ...bySomebody.filter(({ kind }) => kind.startsWith('forged')),
  ];
  return trials.map(mustBeSigned);
}

/** Nothing that was changed is honest any more, and its manifest cannot change either. */
const mustBeSigned = (trial: Trial): Trial =>
  trial.what.includes('claim of') && trial.kind !== 'swapped or replayed'
    ? trial
    : { ...trial, honest: false, isUsed: counted(trial.agent) };

export const places: readonly Place[] = [
  ...[proofStore, attempts, results, sharedStore, handoffs],
  ...[gates, lastGate, proved, closing, treeProofs, ledger],
];
