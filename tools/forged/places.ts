import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Slice } from '../../packages/wave-plugin/src/engine/slices/slices';
import { bundleTrials } from './bundle-trials';
import { ledger } from './ledger';
import { archiveTrials, sharedStore } from './shared-store';
import { filesBelow } from './tamper';
import {
  counted,
  decidingMembers,
  documentTrials,
  durable,
  gatePasses,
  launcher,
  launcherTrials,
  never,
  passes,
  replay,
  served,
  type Place,
  type Trial,
} from './trial';
import { copyTree, type ForgedWorld, type Outcome } from './world';

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

const handoffs: Place = {
  name: 'handoffs',
  doors: ['gates'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    launcherTrials(
      world,
      { below: 'handoff', wanted: /\.json$/ },
      { isUsed: (path) => gatePasses(basename(path, '.json')) },
    ),
};

/** Verdicts of stages and the slices that each judged, which the next stage builds on. */
const gates: Place = {
  name: 'verdicts and slices',
  doors: ['later gates'],
  alone: () => [],
  isRead: passes,
  trials: async (world) => stageTrials(world, 'implementation', gatePasses('A8')),
};

/** The verdict of a stage and its slices, each alone and, of the launch before, both together. */
function stageTrials(world: ForgedWorld, stage: string, isUsed: Trial['isUsed']): Trial[] {
  const below = 'gates/wave-1';
  const wanted = new RegExp(`^${stage}(\\.json|/(slices\\.json|objects\\.pack))$`);
  const bothBack = () => {
    for (const name of [`${stage}.json`, stage])
      copyTree(join(world.past, below, name), join(launcher(world), below, name));
  };
  return [
    ...launcherTrials(
      world,
      { below, wanted },
      {
        // Objects have their own digests: bytes behind a pack are no object, and what the wave closes on tells the rest.
        isUsed: (path) => (path.endsWith('.pack') ? never : isUsed),
        means: withoutStrength,
      },
    ),
    replay(`${stage} with its slices`, bothBack, isUsed),
    otherSlices(world, join(below, stage), isUsed),
  ];
}

/** Well formed, and of objects that are there: the file of one agent holds what another has written. */
function otherSlices(world: ForgedWorld, folder: string, isUsed: Trial['isUsed']): Trial {
  return {
    ...{ kind: 'forged, digests right', what: 'slices of other content', agent: null, honest: false, isUsed },
    act() {
      const path = join(launcher(world), folder, 'slices.json');
      const list = JSON.parse(readFileSync(path, 'utf8')) as { slices: Pick<Slice, 'changes'>[] };
      const [one, other] = list.slices.map(({ changes }) => changes[0]?.after);
      if (!one || !other || one.oid === other.oid) throw new Error(`${path} has no two slices`);
      one.oid = other.oid;
      writeFileSync(path, JSON.stringify(list));
    },
  };
}

/** How strongly a slice was proved is told by its verdict, and nobody builds on it. */
const withoutStrength = decidingMembers(({ agents, ...rest }) => ({
  ...rest,
  agents: (agents as Record<string, unknown>[] | undefined)?.map(({ strength: _, ...judged }) => judged),
}));

/** The last verdict and its slices, which the whole is proved and landed on. */
const lastGate: Place = {
  name: 'last verdict and slices',
  doors: ['prove'],
  alone: (world) => [join(durable(world), 'tree-proofs')],
  isRead: passes,
  trials: async (world) => stageTrials(world, 'cont-qa', passes),
};

/** What `prove` found: launch closes on it. */
const proved: Place = {
  name: 'record of prove',
  doors: ['close'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    launcherTrials(
      world,
      { below: 'gates/wave-1', wanted: /^prove(\.json|\/changes\.patch)$/ },
      {
        isUsed: (path) => (path.endsWith('.patch') ? ({ tasks }) => tasks['launch'] === 'passed' : never),
        means: decidingMembers(({ ok, upstream, tree, changes, patchSha256, reasons }) => ({
          ...{ ok, upstream, tree, changes, patchSha256, reasons },
        })),
      },
    ),
};

/** The closing record: land asks it who was proven, and by which verdicts. */
const closing: Place = {
  name: 'closing',
  doors: ['land'],
  alone: () => [],
  isRead: passes,
  trials: async (world) =>
    launcherTrials(
      world,
      { below: 'closure', wanted: /\.json$/ },
      {
        isUsed: () => passes,
        means: decidingMembers(({ state, agents, verdicts }) => ({
          state,
          verdicts,
          agents: (agents as Record<string, unknown>[]).map(({ agentId, workKey, resultDigest }) => ({
            ...{ agentId, workKey, resultDigest },
          })),
        })),
      },
    ),
};

const remembered = ({ lines }: Outcome) => lines.filter((line) => line.includes('proved before')).length;

const provedAnew = ({ lines }: Outcome) =>
  lines.filter((line) => line.startsWith('proved on the merged tree') && !line.includes('proved before'))
    .length;

/** Which merged trees were proved here. All of them are of use in one launch: a changed one must not be. */
const treeProofs: Place = {
  name: 'proofs of merged trees',
  doors: ['launch'],
  alone: () => [],
  isRead: (outcome) => remembered(outcome) > 0,
  trials: async (world) => {
    const folder = join(durable(world), 'tree-proofs');
    const asked = (await whatIsAsked(world, folder)).map((path) => basename(path));
    const honest = await world.enter('launch');
    world.restore();
    const trials = documentTrials(folder, /\.json$/, {
      isUsed: () => (outcome) =>
        remembered(outcome) >= remembered(honest) || provedAnew(outcome) <= provedAnew(honest),
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
