import type { StrengthMeasured } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { splitCommandLine } from '../../core/command-line';
import { isOwned } from '../../core/verify/owned-paths';
import { withBaseConfig, withoutNewSettings } from '../../proof/base-config';
import { changedFilesOf, saysGenerated, type ChangedFiles } from '../../proof/changed-files';
import type { Invocation } from '../../proof/contracts';
import { changedTestsOf, countCommand } from '../../proof/counted';
import { weakenedTests } from '../../proof/weakened-tests';
import { whyUnmeasured } from '../../proof/foresee';
import { findClosedExecutors, findInvocations } from '../../proof/runners/find-invocations';
import { testRunners } from '../../proof/runners/registry';
import { asksFor, meetsCounted, notMeasured, reachedLevel } from '../../proof/strength-of';
import { withChecksOn } from '../../proof/switched-off';
import { mayTestUnseen } from '../../proof/unseen-tests';
import { proofTreeOf, readInCheckout } from '../slices/observe-tests';
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
  const settled = settledOf(agent);
  const files = changedFilesOf(changes, { runners: testRunners, settled });
  const counted: StrengthMeasured = {
    ...notMeasured(strength),
    commands: seen.map(countCommand),
    changedTests: changedTestsOf(seen, files.tests, { mayBeUnseen: await mayBeUnseen(green, files) }),
    unmeasured: whyNotCounted(green, files),
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
function whyNotCounted({ agent, seen }: GreenSlice, files: ChangedFiles): string | null {
  if (agent.proofCommands.length === 0) return whyUnmeasured.noCommands;
  if (seen.every(({ runners }) => runners.length === 0)) return whyUnmeasured.noRunner;
  if (seen.every(({ report }) => report === null)) return whyUnmeasured.noReport;
  // Documents and data need no test: that none ran is no fault of theirs.
  const isBesideTests = Object.values<string[]>({ ...files }).every((paths) => paths.length === 0);
  const ran = seen.some((one) => (countCommand(one).tests?.executed ?? 0) > 0);
  return isBesideTests && !ran ? whyUnmeasured.noSource : null;
}

/** Whether some command may have run the changed tests and left no evidence of it. */
async function mayBeUnseen(
  { session, checkout, commands }: GreenSlice,
  { tests }: ChangedFiles,
): Promise<boolean> {
  if (tests.length === 0) return false;
  const tree = proofTreeOf(session, checkout);
  const isKnown = (one: Invocation) => testRunners.some((runner) => runner.recognises(one));
  for (const command of commands) {
    const line = splitCommandLine(command);
    if (!line.ok) continue;
    const closedExecutors = await findClosedExecutors(line.words, tree);
    const programs = await findInvocations(line.words, tree);
    if (mayTestUnseen(programs, { closedExecutors, isKnown })) return true;
  }
  return false;
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
  const put = await putBackConfig(green, files, read.value);
  if (!put.ok) return put;
  let stood = put.value !== null;
  measured = { ...measured, baseConfig: put.value };
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

/**
 * Runs the commands with the configuration of the base, and where it has none for a runner, without the slice's own: a test of the base
 * that the slice's configuration leaves out, and that is red without it, was left out to be green. Null where there is neither.
 */
async function putBackConfig(
  green: GreenSlice,
  { newConfig }: ChangedFiles,
  { config, before, now }: SliceTexts,
): Promise<Result<StrengthMeasured['baseConfig']>> {
  let told: StrengthMeasured['baseConfig'] = null;
  if (config.size > 0) {
    const ran = await runOnTree(green, config);
    if (!ran.ok) return ran;
    const red = ran.value.find(({ result }) => result.outcome !== 'passed')?.result.command ?? null;
    told = { paths: [...config.keys()].sort(), red };
    if (red !== null) return ok(told);
  }
  const without = new Map<string, string | null>(newConfig.map((path) => [path, null]));
  for (const [path, text] of now) {
    const plain = withoutNewSettings(path, before.get(path) ?? null, config.get(path) ?? text);
    if (plain !== null && !isOwned(settledOf(green.agent), path)) without.set(path, plain);
  }
  if (without.size === 0) return ok(told);
  const ran = await runOnTree(green, new Map([...config, ...without]));
  if (!ran.ok) return ran;
  const changed = new Set(green.changes.map(({ path }) => path));
  const red = ran.value.find(({ result, seen }) => {
    const runBefore = new Set(
      green.seen.flatMap(({ report }) => report?.files ?? []).map(({ path }) => path),
    );
    const failing = (seen.report?.files ?? []).filter(({ tests }) =>
      tests.some(({ state }) => state === 'failed'),
    );
    return (
      result.outcome !== 'passed' && failing.some(({ path }) => !changed.has(path) && !runBefore.has(path))
    );
  })?.result.command;
  return ok(red === undefined ? told : { paths: [...without.keys()].sort(), red });
}

const settledOf = ({ deliverables, proofStrength }: GreenSlice['agent']) => [
  ...deliverables,
  ...proofStrength.mayChange,
];

/** A file this long is data: nobody measures it. */
const longestText = 1_000_000;

async function readTexts(
  { agent, session: { edges }, checkout, changes }: GreenSlice,
  { baseConfig, sources }: ChangedFiles,
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
  for (const path of sources) {
    const text = now.get(path);
    if (text === undefined || saysGenerated(text) || isOwned(agent.proofStrength.mayChange, path)) continue;
    const checked = withChecksOn(text, [...before.values()]);
    if (checked !== null) config.set(path, checked);
  }
  return ok({ before, now, config });
}
