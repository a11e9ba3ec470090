import { cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import { randomOf } from '../cluster/random';
import { hashOf, packEntry, unpackEntry } from '../remote-cache/entry';
import { openStage } from '../remote-cache/stage';
import type { CheckName } from '../remote-cache/switched-off';
import type { Place, Ran } from '../remote-cache/world';
import type { Stage } from '../remote-cache/scenarios';
import type { ForgedRow } from './main';
import { fileChanges, replaceFile, type Kind } from './tamper';

const launcher = '.tmp/main-wave-launcher';
const proof = `${launcher}/results/wave-7/attempt-1/A1`;

/** What Nx keeps of a wave and gives back: the proof of an agent, its handoff, the slices of a stage, what `prove` found. */
const files = [
  ...['envelope.json', 'objects.pack', 'changes.patch', 'prompt.md'].map((name) => `${proof}/${name}`),
  `${launcher}/handoff/wave-7/A1.json`,
  `${launcher}/gates/wave-7/integration/slices.json`,
  `${launcher}/gates/wave-7/integration/objects.pack`,
  `${launcher}/gates/wave-7/prove/changes.patch`,
];

export interface NxOptions {
  seed: number;
  limit: number;
  /** A check that is switched off in the published code of the clone. */
  without?: CheckName;
  /** Only files whose path holds this. */
  file?: string;
  /** Names of places, whole; all where empty. */
  places: readonly string[];
  /** Kinds; all where empty. */
  kinds: readonly string[];
  /** A row ends with the first trial that comes in. */
  untilLetIn?: boolean;
}

interface Trial {
  kind: Kind;
  what: string;
  file: string;
  /** Null: the file goes. */
  bytes: Buffer | null;
}

/**
 * The same through real Nx: an entry of its cache is changed, on a remote server and in its own folder, and everything is launched
 * that has nothing else to go by.
 */
export async function tryNx({
  seed,
  limit,
  without,
  file: only = '',
  places,
  kinds: asked,
  untilLetIn = false,
}: NxOptions): Promise<ForgedRow[]> {
  await using stage = await openStage();
  const truth = closedOn(stage.world.first);
  const trials = trialsOf(stage, truth).filter(({ file }) => file.includes(only));
  const rows: ForgedRow[] = [];
  const kinds = [...new Set(trials.map(({ kind }) => kind))].sort();
  for (const place of ['remote cache', 'Nx cache']) {
    if (places.length > 0 && !places.includes(place)) continue;
    for (const kind of kinds) {
      if (asked.length > 0 && !asked.includes(kind)) continue;
      const row: ForgedRow = { place, kind, ends: {}, trials: 0, told: [], unharmed: [] };
      const all = randomOf(seed).shuffled(trials.filter((one) => one.kind === kind));
      const clone = stage.world.clone({ without });
      for (const trial of all.slice(0, limit)) {
        const ran =
          place === 'remote cache'
            ? await byServer(stage, clone, trial)
            : await byFolder(stage, clone, trial);
        note(row, { trial, ran, clone, truth });
        if (untilLetIn && row.ends['let in'] !== undefined) break;
      }
      if (row.trials > 0) rows.push(row);
    }
  }
  return rows;
}

/** What the wave closed on: the bytes of its patch. */
function closedOn({ at }: Place): string {
  const path = join(at.root, launcher, 'closure/wave-7.patch');
  return existsSync(path) ? sha256(readFileSync(path)) : '';
}

function trialsOf(stage: Stage, truth: string): Trial[] {
  if (truth === '') throw new Error('the honest launch has closed on nothing');
  return files.flatMap((file) => {
    const entry = unpackEntry(stage.honest.get(hashOf(stage.honest, file)) ?? Buffer.alloc(0));
    const bytes = entry.get(file);
    if (!Buffer.isBuffer(bytes)) throw new Error(`${file} is no file of its entry`);
    const others = files.filter((one) => one !== file).flatMap((one) => entry.get(one) ?? []);
    const seen = new Set<string>();
    return fileChanges.flatMap(({ kind, name, change }): Trial[] => {
      const changed = change(
        bytes,
        others.filter((one): one is Buffer => Buffer.isBuffer(one)),
      );
      const now = changed === null ? 'removed' : changed.toString('latin1');
      if (changed?.equals(bytes) === true || seen.has(now)) return [];
      // A handoff and a list of slices have no digest: what says the same is the same.
      if (file.endsWith('.json') && !file.startsWith(proof) && saysSame(bytes, changed)) return [];
      seen.add(now);
      return [{ kind, what: `${name}: ${file.slice(launcher.length + 1)}`, file, bytes: changed }];
    });
  });
}

function saysSame(one: Buffer, other: Buffer | null): boolean {
  try {
    return (
      other !== null && JSON.stringify(JSON.parse(String(one))) === JSON.stringify(JSON.parse(String(other)))
    );
  } catch {
    return false;
  }
}

/** Nothing of it is here: what it closes on comes from the cache, or is made again. */
function forget({ at }: Place): void {
  for (const path of ['.tmp', '.git/nx-wave']) rmSync(join(at.root, path), { recursive: true, force: true });
}

async function byServer(stage: Stage, clone: Place, { file, bytes }: Trial): Promise<Ran> {
  const { remote } = stage.world;
  forget(clone);
  await clone.at.nx(['reset', '--only-cache']);
  remote.entries.clear();
  for (const [hash, honest] of stage.honest) remote.entries.set(hash, honest);
  const hash = hashOf(stage.honest, file);
  const entry = unpackEntry(stage.honest.get(hash) ?? Buffer.alloc(0));
  if (bytes === null) entry.delete(file);
  else entry.set(file, bytes);
  remote.entries.set(hash, packEntry(entry));
  leaveOut(remote.entries, stage, file);
  return clone.launch(remote.env());
}

/** What comes after the entry and would answer in its place is not in the cache. */
function leaveOut(entries: Map<string, Buffer>, stage: Stage, file: string): void {
  for (const next of nextOf(file)) entries.delete(hashOf(stage.honest, next));
}

const nextOf = (file: string): string[] =>
  file.includes('/prove/')
    ? []
    : file.includes('/integration/')
      ? [`${launcher}/gates/wave-7/prove.json`]
      : [`${launcher}/gates/wave-7/implementation.json`];

async function byFolder(stage: Stage, clone: Place, trial: Trial): Promise<Ran> {
  const { remote } = stage.world;
  const kept = `${cacheOf(clone)}-kept`;
  if (!existsSync(kept)) {
    remote.entries.clear();
    for (const [hash, honest] of stage.honest) remote.entries.set(hash, honest);
    const filled = await clone.launch(remote.env());
    if (filled.state !== 'closed')
      throw new Error(`the clone does not close on the honest cache:\n${filled.output}`);
    cpSync(cacheOf(clone), kept, { recursive: true });
  }
  forget(clone);
  rmSync(cacheOf(clone), { recursive: true, force: true });
  cpSync(kept, cacheOf(clone), { recursive: true });
  const path = join(cacheOf(clone), hashOf(stage.honest, trial.file), trial.file);
  if (!existsSync(path)) throw new Error(`the cache of Nx does not hold ${path}`);
  replaceFile(path, trial.bytes);
  for (const next of nextOf(trial.file))
    rmSync(join(cacheOf(clone), hashOf(stage.honest, next)), { recursive: true, force: true });
  return clone.launch({ NX_SKIP_REMOTE_CACHE: 'true' });
}

/** Beside the clone, by its name (`isolatedEnv` of the workspaces). */
const cacheOf = ({ at }: Place) => `${at.root}-cache`;

function note(
  row: ForgedRow,
  { trial, ran, clone, truth }: { trial: Trial; ran: Ran; clone: Place; truth: string },
): void {
  const count = (end: keyof ForgedRow['ends']) => (row.ends[end] = (row.ends[end] ?? 0) + 1);
  row.trials += 1;
  const closed = ran.code === 0 && ran.state === 'closed';
  const isDefect = ran.output.includes('internal-error');
  const isUsed = closed && !ran.ran.includes('A1') && stands(clone, trial);
  if (isDefect) count('defect');
  else if (isUsed || (closed && closedOn(clone) !== truth)) count('let in');
  else if (ran.ran.length > 0) count('missed');
  else if (!closed) count('refused');
  else {
    count('unharmed');
    row.unharmed.push(trial.what);
  }
  if (isDefect || isUsed) row.told.push(`${row.place}: ${trial.what}\n${ran.output}`);
}

/** Whether what was changed still stands there as it was given back. */
function stands({ at }: Place, { file, bytes }: Trial): boolean {
  const path = join(at.root, file);
  if (bytes === null) return !existsSync(path);
  return existsSync(path) && statSync(path).isFile() && readFileSync(path).equals(bytes);
}
