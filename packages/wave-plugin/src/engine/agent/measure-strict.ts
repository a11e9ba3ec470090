import type { HollowResult, MeasuredPlace, StrengthMeasured } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { languageOf } from '../../proof/languages/registry';
import { emptyOneByOne, sourcesOf, tryTexts, type HollowInput } from './measure-hollow';
import type { GreenSlice } from './green-slice';
import { runOnTree } from './measured-tree';

interface StrictInput extends HollowInput {
  hollow: HollowResult | null;
}

/**
 * What `strict` asks for besides: the base's own tests pass with the slice, each function is noticed by itself, and so is one of
 * some small faults. It ends after `limits.proofMinutes`, with what it has tried by then.
 */
export async function measureStrictly(
  green: GreenSlice,
  input: StrictInput,
): Promise<Result<Pick<StrengthMeasured, 'baseTests' | 'mutants' | 'hollow'>>> {
  const { session } = green;
  const until = session.edges.clock.now() + session.wave.settings.limits.proofMinutes * 60_000;
  const mayGoOn = () => session.edges.clock.now() < until && !session.edges.signal.aborted;
  const baseTests = await runBaseTests(green, input);
  if (!baseTests.ok) return baseTests;
  const { hollow } = input;
  if (hollow === null || hollow.red === null)
    return ok({ baseTests: baseTests.value, mutants: null, hollow });
  const unnoticed = await emptyOneByOne(green, input, { hollow, mayGoOn });
  if (!unnoticed.ok) return unnoticed;
  const mutants = await tryMutants(green, input, mayGoOn);
  if (!mutants.ok) return mutants;
  return ok({
    baseTests: baseTests.value,
    mutants: mutants.value,
    hollow: { ...hollow, unnoticed: unnoticed.value },
  });
}

/** Puts back the tests of the base that the slice changed or removed, and runs all. */
async function runBaseTests(
  green: GreenSlice,
  { files, before, config }: StrictInput,
): Promise<Result<StrengthMeasured['baseTests']>> {
  const tests = files.baseTests.flatMap((path) => {
    const text = before.get(path);
    return text === undefined ? [] : [[path, text] as const];
  });
  if (tests.length === 0) return ok({ lost: [], failed: [] });
  const ran = await runOnTree(green, new Map([...config, ...tests]));
  if (!ran.ok) return ran;
  const failed = ran.value.flatMap(({ result, seen }) => {
    if (result.outcome === 'passed') return [];
    const named = (seen.report?.files ?? []).flatMap(({ path, tests: cases }) =>
      cases.filter(({ state }) => state === 'failed').map(({ name }) => `${path}: ${name}`),
    );
    return named.length > 0 ? named : [result.command];
  });
  const lost = files.baseTests.filter((path) =>
    green.changes.some((one) => one.path === path && one.after === null),
  );
  return ok({ lost, failed: [...new Set(failed)].sort() });
}

async function tryMutants(
  green: GreenSlice,
  input: StrictInput,
  mayGoOn: () => boolean,
): Promise<Result<NonNullable<StrengthMeasured['mutants']>>> {
  const { mutants: limit } = green.agent.proofStrength;
  const survived: MeasuredPlace[] = [];
  let tried = 0;
  for (const file of sourcesOf(input)) {
    const tools = await languageOf(file.path)?.load();
    const made = tools?.mutants(file, limit - tried);
    for (const mutant of made === undefined || made === 'unparseable' ? [] : made) {
      if (tried >= limit || !mayGoOn()) break;
      const ran = await tryTexts(green, new Map([...input.config, [file.path, mutant.text]]));
      if (!ran.ok) return ran;
      if (ran.value.red === null && ran.value.unknown !== null) continue;
      tried += 1;
      const { name, line, what } = mutant;
      if (ran.value.red === null) survived.push({ path: file.path, name, line, what });
    }
  }
  return ok({ tried, survived });
}
