import { rmSync } from 'node:fs';
import { groupedBy } from '../../packages/wave-plugin/src/core/grouped-by';
import { randomOf, type Random } from '../cluster/random';
import { judge, type End, type Truth } from './judge';
import { printRows } from './print-rows';
import { places, signedPlaces } from './places';
import type { Place, Trial } from './trial';
import type { Kind } from './tamper';
import { closedOn, openForgedWorld, type Door, type ForgedWorld, type Outcome } from './world';

export interface ForgedRow {
  place: string;
  kind: Kind;
  /** How the trials ended. */
  ends: Partial<Record<End, number>>;
  trials: number;
  /** Everything that may not be, in words. */
  told: string[];
  /** What changed nothing, in words. */
  unharmed: string[];
}

export interface ForgedOptions {
  seed: number;
  /** Trials of each row at most. */
  limit: number;
  /** Names of places, whole; all where empty. */
  places: readonly string[];
  /** Kinds; all where empty. */
  kinds: readonly string[];
  /** A row ends with the first trial that comes in: all that a negative control asks. */
  untilLetIn?: boolean;
}

/** Changes everything that is stored, one thing at a time, and comes in by the door where it is read. */
export async function tryForgeries(options: ForgedOptions): Promise<ForgedRow[]> {
  const rows: ForgedRow[] = [];
  for (const [trust, all] of [['reprove', places] as const, ['signed', signedPlaces] as const]) {
    const wanted = all.filter(({ name }) => options.places.length === 0 || options.places.includes(name));
    if (wanted.length === 0) continue;
    await using world = await openForgedWorld(trust);
    for (const place of wanted) rows.push(...(await tryPlace(world, place, options)));
  }
  return rows;
}

async function tryPlace(
  world: ForgedWorld,
  place: Place,
  { seed, limit, kinds, untilLetIn = false }: ForgedOptions,
): Promise<ForgedRow[]> {
  const random = randomOf(seed);
  world.restore();
  const truths = new Map<Door, Truth>();
  for (const door of place.doors) truths.set(door, await truthOf(world, place, door));
  world.restore();
  const trials = await place.trials(world);
  const byKind = groupedBy(trials, ({ kind }) => kind);
  const rows: ForgedRow[] = [];
  for (const [kind, all] of [...byKind].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (kinds.length > 0 && !kinds.includes(kind)) continue;
    const row: ForgedRow = { place: place.name, kind, ends: {}, trials: 0, told: [], unharmed: [] };
    for (const trial of chosen(random, all, limit))
      for (const door of place.doors) {
        const truth = truths.get(door);
        if (untilLetIn && row.ends['let in'] !== undefined) continue;
        if (truth !== undefined) await tryOne(world, { place, trial, door, truth, row });
      }
    rows.push(row);
    process.stderr.write(`${place.name}, ${kind}: ${JSON.stringify(row.ends)}\n`);
  }
  return rows;
}

/** So many of a kind that every sort of change is there before one is there twice. */
function chosen(random: Random, trials: readonly Trial[], limit: number): Trial[] {
  const sorts = groupedBy(random.shuffled(trials), ({ what }) => what.split(':')[0] ?? '');
  const queues = [...sorts.values()];
  const picked: Trial[] = [];
  for (let turn = 0; picked.length < Math.min(limit, trials.length); turn += 1)
    for (const queue of queues) {
      const trial = queue[turn];
      if (trial !== undefined && picked.length < limit) picked.push(trial);
    }
  return picked;
}

/** What the honest bytes lead to by a door. A place that is not read by it would make every trial a green one. */
async function truthOf(world: ForgedWorld, place: Place, door: Door): Promise<Truth> {
  world.restore();
  for (const path of place.alone(world)) rmSync(path, { recursive: true, force: true });
  const outcome = await world.enter(door);
  if (!place.isRead(outcome) || outcome.closure === null)
    throw new Error(`${place.name} is not read by ${door}: ${JSON.stringify({ ...outcome, closure: null })}`);
  return { closedOn: closedOn(world, outcome.closure), lines: new Set(outcome.lines) };
}

async function tryOne(
  world: ForgedWorld,
  given: { place: Place; trial: Trial; door: Door; truth: Truth; row: ForgedRow },
): Promise<void> {
  const { place, trial, door, truth, row } = given;
  world.restore();
  for (const path of place.alone(world)) rmSync(path, { recursive: true, force: true });
  await trial.act();
  row.trials += 1;
  let outcome: Outcome;
  try {
    outcome = await world.enter(door);
  } catch (error) {
    row.ends.defect = (row.ends.defect ?? 0) + 1;
    row.told.push(
      `${trial.what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return;
  }
  const { end, told } = judge(world, trial, { outcome, truth });
  row.ends[end] = (row.ends[end] ?? 0) + 1;
  if (told !== null) row.told.push(`${place.name}, ${door}: ${told}`);
  if (end === 'unharmed') row.unharmed.push(`${trial.what} (${door})`);
}

/** On the engine. */
printRows(tryForgeries);
