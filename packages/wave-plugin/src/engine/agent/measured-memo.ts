import { join } from 'node:path';
import { strengthMeasuredSchema, type StrengthMeasured } from '@nx-wave/schemas';
import { canonicalJson, digestOf, lazily } from '@nx-wave/schemas/plain';
import { strengthFormat } from '../../core/digest/keys';
import { proofGround } from '../../core/verify/proof-ground';
import { cageIdentity } from '../slices/tree-proof';
import { parseJson } from '../../core/parse-json';
import { readText } from '../../edges/files/read-file';
import type { GreenSlice } from './green-slice';
import { writeRecord } from '../session/write-record';

const memoSchema = lazily(() =>
  strengthMeasuredSchema.pick({
    unmeasured: true,
    hollow: true,
    baseConfig: true,
    baseTests: true,
    mutants: true,
    findings: true,
  }),
);
type Remembered = Pick<StrengthMeasured, keyof typeof memoSchema.shape>;

/** Where it is kept what was measured of a tree by these commands at this level, against what the slice changed. */
async function memoPath({ session, agent, tree, changes, commands, slices }: GreenSlice): Promise<string> {
  const { level, mayChange, mutants } = agent.proofStrength;
  const key = digestOf({
    strengthFormat,
    tree,
    before: changes.map(({ path, before }) => [path, before?.oid ?? null]),
    commands,
    level,
    settled: [...agent.deliverables, ...mayChange],
    mutants,
    artifacts: slices.map(({ artifacts }) => artifacts),
    ...proofGround(session.wave.settings.proof, session.programEnv),
    ...(await cageIdentity(session)),
  });
  return join(session.durableRoot, 'measured', `${key}.json`);
}

/** What was measured before, or null. */
export async function rememberedMeasured(green: GreenSlice): Promise<Remembered | null> {
  const known = memoSchema.safeParse(parseJson(await readText(await memoPath(green))));
  return known.success ? known.data : null;
}

/** Keeps what was noticed. What would refuse the slice is measured again: tests may be moody. */
export async function rememberMeasured(green: GreenSlice, measured: StrengthMeasured): Promise<void> {
  const { unmeasured, hollow, baseConfig, baseTests, mutants, findings } = measured;
  const isGood =
    hollow?.red !== null &&
    (baseConfig?.red ?? null) === null &&
    (baseTests?.failed ?? []).length === 0 &&
    (mutants === null || mutants.tried === 0 || mutants.survived.length < mutants.tried);
  if (!isGood) return;
  const kept = { unmeasured, hollow, baseConfig, baseTests, mutants, findings };
  await writeRecord(green.session, await memoPath(green), { text: `${canonicalJson(kept)}\n` });
}
