import { lazily } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import type { BenchmarkCatalog, MatrixFacts } from '../../core/state/stage-evidence';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';

/** A tree, and where its objects are. */
type Tree = { tree: string; objectDir: string };

const matrixFactsSchema = lazily(() =>
  z.looseObject({
    levels: z.array(z.string()).min(1),
    components: z.record(z.string(), z.looseObject({ currentLevel: z.string() })),
  }),
);

const catalogSchema = lazily(() =>
  z.looseObject({
    families: z.record(z.string(), z.looseObject({ benchmarks: z.record(z.string(), z.unknown()) })),
  }),
);

/** A text of the merged tree, as the wave will leave it; null when it has none there. */
async function readMerged(session: Session, base: Tree, path: string): Promise<string | null> {
  const { edges } = session;
  const bytes = await edges.git.readFileAt(session.repo, base, path);
  return bytes.ok && bytes.value !== null ? Buffer.from(bytes.value).toString('utf8') : null;
}

/** The component matrix of a tree; null when it is absent or no matrix, and where the wave promotes nothing. */
export async function readMatrix(session: Session, base: Tree): Promise<MatrixFacts | null> {
  if (session.wave.promotions.length === 0) return null;
  const text = await readMerged(session, base, session.wave.settings.matrixPath);
  const parsed = matrixFactsSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

export async function readBenchmarkCatalog(session: Session, base: Tree): Promise<BenchmarkCatalog | null> {
  if (session.wave.evalTargets.length === 0) return null;
  const text = await readMerged(session, base, session.wave.settings.benchmarkCatalogPath);
  const parsed = catalogSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}
