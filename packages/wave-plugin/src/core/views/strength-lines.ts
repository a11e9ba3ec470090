import type { MeasuredPlace, StrengthMeasured } from '@nx-wave/schemas';
import { count } from '../count';
import type { ResolvedAgent } from '../model';

/** What was measured of a proof, for whoever watches; nothing where an agent owes no proof. */
export function strengthLines(agent: ResolvedAgent, strength: StrengthMeasured | null): string[] {
  if (strength === null || (agent.proofCommands.length === 0 && !agent.implementationOwning)) return [];
  const { asked, unmeasured, findings, reason } = strength;
  if (asked === 'exit')
    return [`proof strength: exit, nothing is measured${reason === null ? '' : ` (${reason})`}`];
  return [
    ...(unmeasured === null
      ? [`proof strength: ${strength.reached} (${describeStrength(strength)})`]
      : [`advisory: proof-unmeasured: ${unmeasured}; the level ${asked} counts as met`]),
    ...findings.map(({ code, message }) => `advisory: ${code}: ${message}`),
  ];
}

/** What the evidence is, in a few words: `12 tests; without 3 functions \`npm test\` turns red`. */
export function describeStrength({ commands, hollow, baseConfig, mutants }: StrengthMeasured): string {
  const counted = commands.filter(({ tests }) => tests !== null);
  const sum = (key: 'executed' | 'skipped') =>
    counted.reduce((all, { tests }) => all + (tests === null ? 0 : tests[key]), 0);
  const skipped = sum('skipped');
  return [
    ...(counted.length === 0
      ? []
      : [`${count(sum('executed'), 'test')}${skipped === 0 ? '' : `, ${skipped} passed over`}`]),
    ...(hollow === null ? [] : [describeHollow(hollow.functions, hollow.red)]),
    ...(baseConfig === null
      ? []
      : [
          baseConfig.red === null
            ? 'green with the configuration of the base'
            : `\`${baseConfig.red}\` is red with the configuration of the base`,
        ]),
    ...(mutants === null || mutants.tried === 0
      ? []
      : [`${mutants.tried - mutants.survived.length} of ${count(mutants.tried, 'small fault')} noticed`]),
  ].join('; ');
}

function describeHollow(functions: readonly MeasuredPlace[], red: string | null): string {
  const what = functions.length === 1 ? (functions[0]?.name ?? '') : count(functions.length, 'function');
  return red === null ? `nothing notices ${what} doing nothing` : `\`${red}\` turns red without ${what}`;
}
