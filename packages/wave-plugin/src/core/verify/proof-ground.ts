import type { WaveSettings } from '../model';
import { readVariable } from '../variables';

/** What is said where the configuration asks for it, in the plan, in tasks and in the report. */
export const usersHomeTold =
  'Proof commands work with your own home folder (`proof.home: "user"`): what they find there, and what they leave there, is in no record.';

/**
 * What the same commands on the same tree may say other things by: whose home they have, and `proof.env` with the values of
 * today. Empty where commands have the home of the person and nothing besides, as before there was a choice.
 */
export function proofGround(
  { home, env }: Pick<WaveSettings['proof'], 'home' | 'env'>,
  outer: Readonly<Record<string, string>>,
): { home?: 'private'; env?: (readonly [string, string | null])[] } {
  const variables = env
    .map(readVariable)
    .filter((one) => one !== null)
    .map(({ name, value }) => [name, value ?? outer[name] ?? null] as const);
  return {
    ...(home === 'user' ? {} : { home }),
    ...(variables.length === 0 ? {} : { env: variables }),
  };
}
