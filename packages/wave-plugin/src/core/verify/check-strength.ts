import type { MeasuredPlace, StrengthMeasured } from '@nx-wave/schemas';
import { strengthLevels, type Failure, type FailureCode, type StrengthLevel } from '@nx-wave/schemas/plain';
import { count } from '../count';
import { stageRules } from '../stages';
import { namePaths } from './proof-writes';
import type { FileEvidence } from './slice-evidence';
import { runAgain, sliceFailure, type SliceFinding } from './slice-failure';
import { sliceWaiver } from './slice-waivers';

/** Codes of refusals that another level, reason or proof command can lift: the work is kept, and nobody is paid for that. */
export const strengthCodes: ReadonlySet<string> = new Set([
  'slice-empty',
  'proof-no-tests',
  'proof-tests-not-run',
  'proof-hollow',
  'proof-config-changed',
  'proof-base-tests',
  'proof-mutants',
  'proof-unmeasured',
  'proof-overclaimed',
] satisfies FailureCode[]);

const asksFor = (level: StrengthLevel, what: StrengthLevel): boolean =>
  strengthLevels.indexOf(level) >= strengthLevels.indexOf(what);

/** The slice of an agent that owns implementation changes something, artifacts included. */
export function checkNotEmpty(evidence: FileEvidence): Failure[] {
  const { agent, changes, artifacts } = evidence;
  if (!agent.implementationOwning || stageRules[agent.stage].prepares) return [];
  if (changes.length > 0 || artifacts.length > 0 || !asksFor(agent.proofStrength.level, 'counted')) return [];
  if (sliceWaiver(evidence, 'slice-empty') !== null) return [];
  return [
    sliceFailure(evidence, {
      code: 'slice-empty',
      what: 'it changed nothing',
      expected: 'a changed file or an artifact',
      got: 'the base as it was',
      next:
        `${runAgain(evidence)}. Where the work was there already: nx run ${evidence.wave.identity.project}` +
        `:decide --waive slice-empty --agent ${agent.unitId} --reason "…" --by "…", and nobody is paid again`,
    }),
  ];
}

/** The proof is worth what the wave asks for. What could not be measured meets every level, unless that is required. */
export function checkStrength(evidence: FileEvidence): Failure[] {
  const { agent, strength } = evidence;
  if (strength === undefined || strength === null || strength.asked === 'exit') return [];
  const found = [
    ...countedFindings(strength),
    ...(asksFor(strength.asked, 'checked') ? checkedFindings(strength) : []),
    ...(strength.asked === 'strict' ? strictFindings(strength) : []),
    ...(agent.proofStrength.required ? unmeasuredFindings(strength) : []),
  ];
  return found.map((finding) => sliceFailure(evidence, finding));
}

/** How a person says that less is meant. */
function lower(level: StrengthLevel, reason: string): string {
  return `${afterChange} Or say that less is meant: \`- level: ${level}\` and \`- reason: ${reason}\` under \`### Proof strength\`.`;
}

const afterChange =
  'The work is kept: once proof commands, level or reason have changed it is verified again, and nobody is paid.';

function countedFindings({ commands, changedTests, unmeasured }: StrengthMeasured): SliceFinding[] {
  if (unmeasured !== null) return [];
  const known = commands.flatMap(({ command, tests }) => (tests === null ? [] : [{ command, ...tests }]));
  const names = known.map(({ command }) => `\`${command}\``).join(', ');
  const executed = known.reduce((sum, one) => sum + one.executed, 0);
  if (known.length > 0 && executed === 0)
    return [
      {
        code: 'proof-no-tests',
        what: `no test ran in ${names}`,
        expected: 'at least one test that ran',
        got: `${count(
          known.reduce((sum, { skipped }) => sum + skipped, 0),
          'test',
        )} passed over, none executed`,
        next: lower('exit', '<why no test is needed>'),
      },
    ];
  const { files, notRun } = changedTests;
  const [first] = notRun;
  if (known.length === 0 || first === undefined || notRun.length < files.length) return [];
  return [
    {
      code: 'proof-tests-not-run',
      what: `no proof command ran a test of ${namePaths(notRun)}, which it changed`,
      expected: 'the tests that it wrote among those that ran',
      got: `${count(executed, 'test')} of other files in ${names}`,
      path: first,
      next: lower('exit', '<why these tests need not run>'),
    },
  ];
}

function checkedFindings({ hollow, baseConfig, commands }: StrengthMeasured): SliceFinding[] {
  const found: SliceFinding[] = [];
  if (baseConfig !== null && baseConfig.red !== null)
    found.push({
      code: 'proof-config-changed',
      what: `\`${baseConfig.red}\` is green only with the slice's own ${namePaths(baseConfig.paths)}`,
      expected:
        'proof that also holds with the configuration and the scripts of the base, and with no check switched off for a whole file',
      got: 'a red command once they were put back',
      path: baseConfig.paths[0],
      next: `If the agent is to change them: \`- may change: ${baseConfig.paths.join(', ')}\` under \`### Proof strength\`, or name them under \`### Deliverables\`. ${afterChange}`,
    });
  if (hollow !== null && hollow.red === null) found.push(...unnoticed(hollow.functions, commands));
  return found;
}

function unnoticed(
  functions: readonly MeasuredPlace[],
  commands: StrengthMeasured['commands'],
): SliceFinding[] {
  const [first] = functions;
  if (first === undefined) return [];
  return [
    {
      code: 'proof-hollow',
      what: `${commands.map(({ command }) => `\`${command}\``).join(', ')} stayed green while ${namePlaces(functions)} did nothing`,
      expected: 'a test that turns red when the changed functions return nothing',
      got: 'proof that does not need them',
      path: first.path,
      next: `What would convince: a test that calls ${first.name} and compares what it returns or does, run by a proof command. ${lower('counted', '<why tests cannot see it>')}`,
    },
  ];
}

function strictFindings({ hollow, baseTests, mutants, commands }: StrengthMeasured): SliceFinding[] {
  const found = unnoticed(hollow?.unnoticed ?? [], commands);
  if (baseTests !== null && baseTests.failed.length > 0)
    found.push({
      code: 'proof-base-tests',
      what: `tests of the base fail with the slice: ${baseTests.failed.slice(0, 5).join('; ')}`,
      expected: 'the tests of the base, as they were, still pass',
      got: count(baseTests.failed.length, 'failure'),
      next: `If they are to change: \`- may change: <test file>\` under \`### Proof strength\`. ${afterChange}`,
    });
  if (mutants !== null) found.push(...unseenFaults(mutants));
  return found;
}

function unseenFaults({ tried, survived }: NonNullable<StrengthMeasured['mutants']>): SliceFinding[] {
  const [first] = survived;
  if (first === undefined || survived.length < tried) return [];
  return [
    {
      code: 'proof-mutants',
      what: `no proof command noticed any of ${count(tried, 'small fault')}: ${namePlaces(survived)}`,
      expected: 'a test that notices at least one of them',
      got: 'green commands',
      path: first.path,
      next: lower('checked', '<why tests need not notice them>'),
    },
  ];
}

function unmeasuredFindings({ unmeasured, asked }: StrengthMeasured): SliceFinding[] {
  if (unmeasured === null) return [];
  return [
    {
      code: 'proof-unmeasured',
      what: `how much its proof says could not be measured: ${unmeasured}`,
      expected: `proof that is measured as \`${asked}\`, because \`proof.required\` is set`,
      got: 'proof that only ended well',
      next: lower('exit', '<why that is enough>'),
    },
  ];
}

function namePlaces(places: readonly MeasuredPlace[]): string {
  const shown = places
    .slice(0, 4)
    .map(({ path, name, line, what }) => `${name} (${path}:${line}${what === undefined ? '' : `, ${what}`})`);
  return `${shown.join(', ')}${places.length > 4 ? ` and ${places.length - 4} more` : ''}`;
}
