import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomOf, type Random } from '../cluster/random';
import { openEngineWorld } from '../histories/engine-world';
import { prepareHistory } from '../histories/run-history';
import { readSpec, writeSpec } from '../histories/steps';
import type { Launched, Tree, World } from '../histories/world';
import {
  bundlesBelow,
  copyTree,
  fileChanges,
  filesBelow,
  forge,
  forgeries,
  readManifest,
  replaceFile,
} from './tamper';

/** What is stored in one place, and what else has to be gone for it to be asked. */
interface Place {
  name: string;
  /** Folder with what is tampered with, absolute. */
  folder(world: Worlds): string;
  /** What else would answer before it, or in its place. */
  alone(world: Worlds): string[];
  /** It holds bundles. */
  bundles: boolean;
  /** Only files whose path matches. */
  only?: RegExp;
  /** Then the wave is landed, too. */
  lands?: true;
}

interface Worlds {
  world: World;
  tree: Tree;
  root: string;
}

const launcher = ({ root }: Worlds) => join(root, '.tmp/main-wave-launcher');
const durable = ({ root }: Worlds) => join(root, '.git/nx-wave');

const places: readonly Place[] = [
  {
    name: 'proof store',
    folder: (one) => join(durable(one), 'proofs'),
    alone: (one) => [join(one.root, '.tmp'), join(durable(one), 'attempts')],
    bundles: true,
  },
  {
    name: 'attempts',
    folder: (one) => join(durable(one), 'attempts'),
    alone: (one) => [join(one.root, '.tmp'), join(durable(one), 'proofs')],
    bundles: true,
  },
  {
    name: 'results',
    folder: (one) => join(launcher(one), 'results'),
    alone: (one) => [durable(one)],
    bundles: true,
  },
  {
    name: 'shared store',
    folder: ({ world }) => world.sharedStore,
    alone: (one) => [durable(one), join(one.root, '.tmp')],
    bundles: true,
  },
  { name: 'handoffs', folder: (one) => join(launcher(one), 'handoff'), alone: () => [], bundles: false },
  {
    name: 'verdicts and slices',
    folder: (one) => join(launcher(one), 'gates'),
    alone: () => [],
    bundles: false,
    lands: true,
  },
  {
    name: 'closing',
    folder: (one) => join(launcher(one), 'closure'),
    alone: () => [],
    bundles: false,
    lands: true,
  },
  {
    name: 'proofs of merged trees',
    folder: (one) => join(durable(one), 'tree-proofs'),
    alone: () => [],
    bundles: false,
  },
  {
    name: 'ledger',
    folder: ({ root }) => join(root, 'docs/plans/waves/wave-1.ledger'),
    alone: () => [],
    bundles: false,
  },
];

export interface ForgedRow {
  place: string;
  damage: string;
  trials: number;
  /** The work was done again, by another bundle or by an agent. */
  missed: number;
  /** A line or a failure names what is not used. */
  refused: number;
  /** What was changed is of no use to anybody there, or everything came out as it was. */
  unharmed: number;
  /** Not let in by its form, and indistinguishable from honest work without signatures. */
  believed: number;
  letIn: number;
  defects: number;
  told: string[];
}

export interface ForgedOptions {
  seed: number;
  /** Trials of each place and kind of damage at most. */
  limit: number;
  only: string;
  /** Only this kind of damage; every kind where absent. */
  damage?: string;
}

/** Damages and forges everything that is stored, one thing at a time, and launches. */
export async function tryForgeries({
  seed,
  limit,
  only,
  damage: wanted,
}: ForgedOptions): Promise<ForgedRow[]> {
  const random = randomOf(seed);
  const { world } = await prepareHistory({ open: openEngineWorld, shares: true });
  await using _world = world;
  const tree = world.first;
  const worlds: Worlds = { world, tree, root: tree.root };
  await grow(tree);
  const truth = tree.taken('cont-qa');
  const kept = { root: join(dirname(tree.root), 'kept'), shared: join(dirname(tree.root), 'kept-shared') };
  copyTree(tree.root, kept.root);
  copyTree(world.sharedStore, kept.shared);
  const rows: ForgedRow[] = [];
  const restore = () => {
    copyTree(kept.root, tree.root);
    copyTree(kept.shared, world.sharedStore);
  };
  for (const place of places.filter(({ name }) => name.includes(only))) {
    restore();
    for (const [damage, trials] of Object.entries(trialsOf(worlds, place, random))) {
      if (wanted !== undefined && damage !== wanted) continue;
      const row: ForgedRow = {
        ...{
          place: place.name,
          damage,
          trials: 0,
          missed: 0,
          refused: 0,
          unharmed: 0,
          believed: 0,
          letIn: 0,
          defects: 0,
        },
        told: [],
      };
      rows.push(row);
      for (const trial of random.shuffled(trials).slice(0, limit)) {
        restore();
        await tryOne(worlds, { place, trial, truth, row });
      }
    }
  }
  return rows;
}

/** A wave with a past: another prompt once, a refused attempt, decisions in the ledger, and closed. */
async function grow(tree: Tree): Promise<void> {
  await tree.launch({});
  const spec = readSpec(tree);
  const [first] = spec.agents;
  if (first !== undefined) first.prompt = 'Do the work of A1, in words two.';
  writeSpec(tree, spec);
  await tree.decide({ do: 'amend', agent: 'A2', path: 'src/more.txt' });
  await tree.decide({ do: 'waive', code: 'integration-needs-more-work' });
  tree.git('add', '-A');
  tree.git('commit', '-q', '-m', 'grown');
  const { tasks, lines } = await tree.launch({});
  if (tasks['launch'] !== 'passed')
    throw new Error(`the wave does not close: ${JSON.stringify(tasks)}\n${lines.join('\n')}`);
}

interface Trial {
  what: string;
  /** Whether honest rules can show it; see `Forgery.shows`. */
  shows: boolean;
  act(): void;
}

/** All that can be done in a place, by kind. */
function trialsOf(worlds: Worlds, place: Place, random: Random): Record<string, Trial[]> {
  const folder = place.folder(worlds);
  const present = presentKeys(worlds);
  const bundles = place.bundles ? bundlesBelow(folder) : [];
  // What stands for other inputs is of use to nobody now, whatever is done to it.
  const targets = bundles.filter((bundle) => present.has(readManifest(bundle).predicate.workKey));
  const files = filesBelow(folder).filter(
    (path) => !path.includes('/.leases/') && (place.only?.test(path) ?? true),
  );
  const trials: Record<string, Trial[]> = {};
  const add = (damage: string, trial: Trial) => (trials[damage] ??= []).push(trial);
  for (const path of files) {
    if (place.bundles && !targets.some((bundle) => path.startsWith(`${bundle}/`))) continue;
    const same = files.filter(
      (other) => other !== path && other.split('/').at(-1) === path.split('/').at(-1),
    );
    for (const { name, change } of fileChanges)
      add(name.startsWith('flipped') ? 'flipped bytes' : name === 'lengthened' ? 'cut short' : name, {
        what: `${name}: ${path.slice(folder.length + 1)}`,
        shows: true,
        act: () => {
          const others = random.shuffled(same).map((other) => readFileSync(other));
          replaceFile(path, change(readFileSync(path), others));
        },
      });
  }
  if (!place.bundles) return trials;
  for (const from of bundles)
    for (const to of targets)
      if (from !== to)
        add('replayed', {
          what: `${from.slice(folder.length + 1)} in place of ${to.slice(folder.length + 1)}`,
          shows: true,
          act: () => copyTree(from, to),
        });
  for (const bundle of targets) {
    const own = readManifest(bundle).predicate;
    const other = bundles
      .map((one) => readManifest(one).predicate)
      .find(({ agentId }) => agentId !== own.agentId);
    if (other === undefined || own.role !== 'implementation' || !existsSync(join(bundle, 'envelope.json')))
      continue;
    for (const forgery of forgeries)
      add(forgery.shows ? 'forged, all digests right' : 'forged, honest by every rule', {
        what: `${forgery.name}: ${bundle.slice(folder.length + 1)}`,
        shows: forgery.shows,
        act: () => void forge(bundle, forgery, other),
      });
  }
  return trials;
}

/** Work keys of what the agents are asked for now. */
const presentKeys = (worlds: Worlds): ReadonlySet<string> =>
  new Set(
    filesBelow(join(launcher(worlds), 'handoff')).map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { workKey: string }).workKey,
    ),
  );

async function tryOne(
  worlds: Worlds,
  {
    place,
    trial,
    truth,
    row,
  }: { place: Place; trial: Trial; truth: ReturnType<Tree['taken']>; row: ForgedRow },
): Promise<void> {
  const { tree } = worlds;
  for (const path of place.alone(worlds)) rmSync(path, { recursive: true, force: true });
  if (place.name !== 'shared store') rmSync(worlds.world.sharedStore, { recursive: true, force: true });
  trial.act();
  row.trials += 1;
  let launched: Launched;
  try {
    if (place.lands === true) {
      // First of all what stands there is landed: nobody has looked at it since.
      const landed = await tree.decide({ do: 'land', mode: 'tree' });
      if (landed) {
        const wrong = Object.values(truth)
          .flat()
          .filter(([path, oid]) => blobAt(tree, path) !== oid);
        if (wrong.length > 0) letIn(row, trial, `landed ${JSON.stringify(wrong)}`);
        else row.unharmed += 1;
        return;
      }
    }
    launched = await tree.launch({});
  } catch (error) {
    row.defects += 1;
    row.told.push(
      `${trial.what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return;
  }
  const passed = ['cont-qa', 'integration', 'implementation'].find(
    (stage) => launched.tasks[`gate-${stage}`] === 'passed',
  );
  const taken = passed === undefined ? {} : tree.taken(passed);
  const wrong = Object.entries(taken).filter(
    ([id, files]) => JSON.stringify([...files].sort()) !== JSON.stringify([...(truth[id] ?? [])].sort()),
  );
  const strangers = ['../evil.txt', '../../evil.txt', 'src/base.txt'].filter(
    (path) =>
      existsSync(join(tree.root, path)) && readFileSync(join(tree.root, path), 'utf8').includes('evil'),
  );
  if (wrong.length > 0 || strangers.length > 0) {
    if (trial.shows || strangers.length > 0)
      letIn(row, trial, JSON.stringify({ wrong, strangers }), launched.lines);
    else row.believed += 1;
    return;
  }
  const named = launched.lines.some((line) =>
    /is not used|not used:|does not|is not the one|not proven|no ledger entry|bundle-|altered|refused|warning/.test(
      line,
    ),
  );
  if (named) row.refused += 1;
  else if (launched.starts.length > 0) row.missed += 1;
  else row.unharmed += 1;
}

function letIn(row: ForgedRow, { what }: Trial, how: string, lines: readonly string[] = []): void {
  row.letIn += 1;
  row.told.push([`${what}: ${how}`, ...lines.map((line) => `    ${line}`)].join('\n'));
}

function blobAt(tree: Tree, path: string): string | null {
  return tree.read(path) === null ? null : tree.git('hash-object', path).trim();
}

/** As a program: options as JSON in the command line, rows as JSON on standard output. */
void tryForgeries(JSON.parse(process.argv[2] ?? '{}') as ForgedOptions).then(
  (rows) => {
    process.stdout.write(JSON.stringify(rows), () => process.exit(0));
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(2);
  },
);
