import type { StrengthMeasured } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { withBaseConfig } from '../../proof/base-config';
import { changedFilesOf, type ChangedFiles } from '../../proof/changed-files';
import { changedTestsOf, countCommand } from '../../proof/counted';
import { weakenedTests } from '../../proof/weakened-tests';
import { whyUnmeasured } from '../../proof/foresee';
import { testRunners } from '../../proof/runners/registry';
import { asksFor, meetsCounted, notMeasured, reachedLevel } from '../../proof/strength-of';
import { readInCheckout } from '../slices/observe-tests';
import { emptyFunctions } from './measure-hollow';
import { measureStrictly } from './measure-strict';
import type { GreenSlice, SliceTexts } from './green-slice';
import { runOnTree } from './measured-tree';
import { rememberMeasured, rememberedMeasured } from './measured-memo';

/**
 * How much the green proof of a slice says, up to the level that is asked: what ran, whether it needs the slice's own
 * configuration, whether it notices that the changed functions do nothing, and for `strict` small faults and the base's
 * tests. The checkout is clean when it ends.
 */
export async function measureStrength(green: GreenSlice): Promise<Result<StrengthMeasured>> {
  const { agent, session, seen, changes } = green;
  const strength = agent.proofStrength;
  const started = session.edges.clock.now();
  const settled = [...agent.deliverables, ...strength.mayChange];
  const files = changedFilesOf(changes, { runners: testRunners, settled });
  const counted: StrengthMeasured = {
    ...notMeasured(strength),
    commands: seen.map(countCommand),
    changedTests: changedTestsOf(seen, files.tests),
    unmeasured: whyNotCounted(green),
    proofMs: green.results.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
  // What could not be counted goes on: with the base's own scripts the runner may be seen again.
  const isRefused = counted.unmeasured === null && !meetsCounted(counted);
  const isSilent = seen.every(({ runners }) => runners.length === 0) && files.baseConfig.length === 0;
  const isEnough = !asksFor(strength.level, 'checked') || isRefused || isSilent;
  const measured = isEnough ? ok(counted) : await measureFurther(green, files, counted);
  if (!measured.ok) return measured;
  const measuringMs = session.edges.clock.now() - started;
  return ok({ ...measured.value, reached: reachedLevel(measured.value), measuringMs });
}

/** Why the evidence of runners says nothing, or null. */
function whyNotCounted({ agent, seen }: GreenSlice): string | null {
  if (agent.proofCommands.length === 0) return whyUnmeasured.noCommands;
  if (seen.every(({ runners }) => runners.length === 0)) return whyUnmeasured.noRunner;
  return seen.some(({ report }) => report !== null) ? null : whyUnmeasured.noReport;
}

/** `checked` and `strict`: what was measured before of the same tree by the same commands is not measured again. */
async function measureFurther(
  green: GreenSlice,
  files: ChangedFiles,
  counted: StrengthMeasured,
): Promise<Result<StrengthMeasured>> {
  const known = await rememberedMeasured(green);
  if (known !== null) return ok({ ...counted, ...known });
  const read = await readTexts(green, files);
  if (!read.ok) return read;
  const { config, before, now } = read.value;
  const findings = weakenedTests(files.baseTests, { before, now });
  let measured: StrengthMeasured = { ...counted, findings };
  let stood = false;
  if (config.size > 0) {
    stood = true;
    const ran = await runOnTree(green, config);
    if (!ran.ok) return ran;
    const red = ran.value.find(({ result }) => result.outcome !== 'passed')?.result.command ?? null;
    measured = { ...measured, baseConfig: { paths: [...config.keys()].sort(), red } };
  }
  const isRunner = green.seen.some(({ runners }) => runners.length > 0);
  if (isRunner && (measured.baseConfig?.red ?? null) === null) {
    const emptied = await emptyFunctions(green, { files, before, now, config });
    if (!emptied.ok) return emptied;
    stood ||= emptied.value.hollow !== null;
    measured = { ...measured, ...emptied.value, unmeasured: counted.unmeasured ?? emptied.value.unmeasured };
    if (asksFor(green.agent.proofStrength.level, 'strict')) {
      const strict = await measureStrictly(green, { files, before, now, config, hollow: measured.hollow });
      if (!strict.ok) return strict;
      stood = true;
      measured = { ...measured, ...strict.value };
    }
  }
  const cleaned = stood ? await green.session.edges.git.resetTo(green.checkout, green.tree) : ok(undefined);
  if (!cleaned.ok) return cleaned;
  await rememberMeasured(green, measured);
  return ok(measured);
}

/** A file this long is data: nobody measures it. */
const longestText = 1_000_000;

async function readTexts(
  { session: { edges }, checkout, changes }: GreenSlice,
  { baseConfig }: ChangedFiles,
): Promise<Result<SliceTexts>> {
  const oids = changes.flatMap(({ before }) =>
    before === null || before.mode === '120000' ? [] : [before.oid],
  );
  const blobs = await edges.git.readBlobs(checkout, [...new Set(oids)]);
  if (!blobs.ok) return blobs;
  const before = new Map<string, string>();
  const now = new Map<string, string>();
  for (const change of changes) {
    const blob = change.before === null ? undefined : blobs.value.get(change.before.oid);
    if (blob !== undefined && blob.length <= longestText)
      before.set(change.path, Buffer.from(blob).toString('utf8'));
    const text = change.after === null ? null : await readInCheckout(checkout, change.path);
    if (text !== null && text.length <= longestText) now.set(change.path, text);
  }
  const config = new Map<string, string>();
  for (const path of baseConfig) {
    const base = before.get(path);
    const merged = base === undefined ? null : withBaseConfig(path, base, now.get(path) ?? null);
    if (merged !== null) config.set(path, merged);
  }
  return ok({ before, now, config });
}
