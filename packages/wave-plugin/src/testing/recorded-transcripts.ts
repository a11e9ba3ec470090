import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Usage } from '@nx-wave/schemas';
import { type ExecutorAdapter, type ProgressLine, type StreamReader } from '../adapters/adapter';

const folder = join(__dirname, '..', 'adapters', '__transcripts__');

/** What a real program printed once, and how it ended. */
export interface RecordedRun {
  program: string;
  version: string;
  scenario: string;
  exit: { code: number | null; signal: string | null };
  /** What the session had used before, where it was continued. */
  before?: Usage;
  lines: { stream: 'stdout' | 'stderr'; text: string }[];
}

/** Every recording of every version of every program. */
export function readRecordings(): RecordedRun[] {
  return readdirSync(folder)
    .sort()
    .flatMap((version) =>
      readdirSync(join(folder, version))
        .sort()
        .map((file) => {
          const [head, ...lines] = readFileSync(join(folder, version, file), 'utf8')
            .trimEnd()
            .split('\n');
          return {
            ...(JSON.parse(head ?? '{}') as Pick<RecordedRun, 'program' | 'version' | 'exit' | 'before'>),
            scenario: file.replace(/\.jsonl$/, ''),
            lines: lines.map((line) => JSON.parse(line) as RecordedRun['lines'][number]),
          };
        }),
    );
}

/** Feeds a recording to the reader of its adapter. */
export function replay(
  adapter: ExecutorAdapter,
  run: RecordedRun,
): { reader: StreamReader; shown: ProgressLine[] } {
  const reader = adapter.createStreamReader(run.before === undefined ? undefined : { usage: run.before });
  return { reader, shown: run.lines.flatMap(({ text, stream }) => reader.read(text, stream)) };
}
