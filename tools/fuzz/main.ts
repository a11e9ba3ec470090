import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { mutated, pumped, pumps, type Pump } from './mutations';
import { subjects, type Subject } from './subjects';

/** Texts that were read wrongly once: each run begins with them. */
interface Kept {
  subject: string;
  text: string;
}

/** What a subject came to. */
export interface Row {
  name: string;
  trials: number;
  accepted: number;
  thrown: number;
  wrong: number;
  /** Of a doubling of the text, the worst that was seen; 2 is linear. */
  growth: number;
  slowest: string;
  /** Time for 50 MB of what was slowest, in milliseconds; null where that was not asked for. */
  largestMs: number | null;
  /** What was read wrongly, in words, and those of it that are no pumped texts. */
  told: string[];
  texts: string[];
}

export interface FuzzOptions {
  runs: number;
  seed: number;
  only: string;
  /** Bytes of the largest text of the growth trials; 0 leaves them out. */
  growsTo: number;
  /** Bytes of the last trial of each subject; 0 leaves it out. */
  largest: number;
  /** The folder of the kept texts. */
  folder: string;
}

/** Reads random texts with everything that reads what others wrote. */
export function fuzz(options: FuzzOptions): Row[] {
  const kept = JSON.parse(readFileSync(join(options.folder, 'kept.json'), 'utf8')) as Kept[];
  return subjects
    .filter(({ name }) => name.includes(options.only))
    .map((subject) => {
      const started = process.cpuUsage();
      const row: Row = { ...tryTexts(subject, kept, options), growth: 0, slowest: '-', largestMs: null };
      if (options.growsTo > 0) tryPumps(subject, options, row);
      const { user, system } = process.cpuUsage(started);
      process.stderr.write(`${subject.name}: ${((user + system) / 1e6).toFixed(1)} s of CPU\n`);
      return row;
    });
}

type Tried = Omit<Row, 'growth' | 'slowest' | 'largestMs'>;

function tryTexts(subject: Subject, kept: readonly Kept[], { runs, seed }: FuzzOptions): Tried {
  const row: Tried = { name: subject.name, trials: 0, accepted: 0, thrown: 0, wrong: 0, told: [], texts: [] };
  const read = (text: string): boolean => {
    row.trials += 1;
    const found = problemsOf(subject, text);
    if (found !== null) row.accepted += 1;
    return found === null || found.length === 0;
  };
  for (const text of [
    ...subject.seeds,
    ...kept.filter((one) => one.subject === subject.name).map((one) => one.text),
  ])
    if (!read(text)) count(row, subject, text);
  const details = fc.check(
    fc.property(mutated(subject.seeds), (text) => read(text)),
    { numRuns: runs, seed },
  );
  if (details.failed) count(row, subject, details.counterexample?.[0] ?? '');
  return row;
}

function count(row: Tried, subject: Subject, text: string): void {
  const shown = JSON.stringify(text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text);
  tell(row, problemsOf(subject, text) ?? [], shown);
  row.texts.push(text);
}

function tell(row: Tried, problems: readonly string[], text: string): void {
  if (problems.some((one) => one.startsWith('it threw'))) row.thrown += 1;
  else row.wrong += 1;
  row.told.push(`${row.name}: ${problems.join('; ')}: ${text}`);
}

/** Null where the text is refused, as it should be or not; else what is wrong with taking it. */
function problemsOf(subject: Subject, text: string): string[] | null {
  try {
    return subject.read(text);
  } catch (error) {
    return [
      `it threw ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error)}`,
    ];
  }
}

/** Below this nothing can be said of the time that a text takes. */
const noiseMs = 150;

/** Reads long texts that repeat one thing: how the time grows, and for what is slowest up to the largest one. */
function tryPumps(subject: Subject, { growsTo, largest }: FuzzOptions, row: Row): void {
  let slowest = { pump: pumps[0], ms: 0 };
  for (const pump of [...pumps, itself(subject)]) {
    const part = timeOf(subject, row, pump, growsTo / 4);
    const whole = timeOf(subject, row, pump, growsTo);
    if (whole > slowest.ms) {
      slowest = { pump, ms: whole };
      row.slowest = pump.name;
    }
    grows(row, part, whole, 4);
  }
  const { pump, ms } = slowest;
  if (largest === 0 || pump === undefined || subject.ofGit === true) return;
  row.largestMs = timeOf(subject, row, pump, largest);
  grows(row, ms, row.largestMs, largest / growsTo);
}

/** A valid text, again and again. */
function itself({ seeds: [seed = ''] }: Subject): Pump {
  return { name: 'itself', unit: /[\n\0]$/.test(seed) ? seed : `${seed}\n` };
}

/** Takes down by how much the time grows with each doubling where a text is `times` as long as another one. */
function grows(row: Row, part: number, whole: number, times: number): void {
  if (whole <= noiseMs) return;
  const each = (whole / Math.max(part, noiseMs / times ** 2)) ** (1 / Math.log2(times));
  row.growth = Math.max(row.growth, each);
}

/** CPU time in milliseconds, the better of two: a busy machine is no slow parser. */
function timeOf(subject: Subject, row: Row, pump: Pump, size: number): number {
  const text = pumped(pump, size);
  const once = () => {
    const before = process.cpuUsage();
    const problems = problemsOf(subject, text) ?? [];
    const { user, system } = process.cpuUsage(before);
    return { problems, ms: (user + system) / 1000 };
  };
  const { problems, ms } = once();
  if (problems.length > 0) tell(row, problems, `${pump.name}, ${size} letters`);
  return ms < noiseMs / 4 ? ms : Math.min(ms, once().ms);
}

/** Past this a text of twice the size takes so much more that it is no noise: 2 is linear, 4 is quadratic. */
export const mostGrowth = 3;

export const isRed = ({ thrown, wrong, growth: grown }: Row) => thrown + wrong > 0 || grown > mostGrowth;

/** Writes down what was read wrongly. */
export function keep(rows: readonly Row[], folder: string): void {
  const path = join(folder, 'kept.json');
  const known = JSON.parse(readFileSync(path, 'utf8')) as Kept[];
  const found = rows.flatMap(({ name, texts }) => texts.map((text) => ({ subject: name, text })));
  writeFileSync(path, `${JSON.stringify([...known, ...found], null, 2)}\n`);
}
