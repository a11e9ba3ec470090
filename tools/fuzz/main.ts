import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { mutated, pumped, pumps } from './mutations';
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
  told: string[];
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
      const row = { ...tryTexts(subject, kept, options), ...growth(subject, options) };
      const { user, system } = process.cpuUsage(started);
      process.stderr.write(`${subject.name}: ${((user + system) / 1e6).toFixed(1)} s of CPU\n`);
      return row;
    });
}

type Tried = Pick<Row, 'name' | 'trials' | 'accepted' | 'thrown' | 'wrong' | 'told'>;

function tryTexts(subject: Subject, kept: readonly Kept[], { runs, seed }: FuzzOptions): Tried {
  const row: Tried = { name: subject.name, trials: 0, accepted: 0, thrown: 0, wrong: 0, told: [] };
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
  const found = problemsOf(subject, text) ?? [];
  if (found.some((one) => one.startsWith('it threw'))) row.thrown += 1;
  else row.wrong += 1;
  row.told.push(
    `${subject.name}: ${found.join('; ')}: ${JSON.stringify(text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text)}`,
  );
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

function growth(
  subject: Subject,
  { growsTo, largest }: FuzzOptions,
): Pick<Row, 'growth' | 'slowest' | 'largestMs'> {
  let worst = { growth: 0, slowest: '-', ms: 0 };
  let slowest = pumps[0];
  if (growsTo === 0) return { growth: 0, slowest: '-', largestMs: null };
  for (const pump of pumps) {
    const [half, whole] = [growsTo / 4, growsTo].map((size) => timeOf(subject, pumped(pump, size)));
    const per = Math.sqrt(Math.max(whole ?? 0, noiseMs / 4) / Math.max(half ?? 0, noiseMs / 16));
    if ((whole ?? 0) > worst.ms) {
      worst = { ...worst, ms: whole ?? 0, slowest: pump.name };
      slowest = pump;
    }
    if ((whole ?? 0) > noiseMs && per > worst.growth) worst = { ...worst, growth: per };
  }
  const largestMs =
    largest === 0 || slowest === undefined || subject.ofGit === true
      ? null
      : timeOf(subject, pumped(slowest, largest));
  return { growth: worst.growth, slowest: worst.slowest, largestMs };
}

/** CPU time in milliseconds, the better of two: a busy machine is no slow parser. */
function timeOf(subject: Subject, text: string): number {
  const once = () => {
    const before = process.cpuUsage();
    problemsOf(subject, text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const first = once();
  return first < noiseMs / 4 ? first : Math.min(first, once());
}

/** Past this a text of twice the size takes so much more that it is no noise: 2 is linear, 4 is quadratic. */
export const mostGrowth = 3;

export const isRed = ({ thrown, wrong, growth: grown }: Row) => thrown + wrong > 0 || grown > mostGrowth;

/** Writes down what was read wrongly. */
export function keep(rows: readonly Row[], folder: string): void {
  const path = join(folder, 'kept.json');
  const known = JSON.parse(readFileSync(path, 'utf8')) as Kept[];
  const found = rows.flatMap(({ name, told }) =>
    told.map((line) => ({ subject: name, text: JSON.parse(line.slice(line.indexOf(': "') + 2)) as string })),
  );
  writeFileSync(path, `${JSON.stringify([...known, ...found], null, 2)}\n`);
}
