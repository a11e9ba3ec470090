import type { EnvelopePayloads, Handoff } from '@nx-wave/schemas';

/** Every member that the schema types as prose is left out of a judgement, so it must not be read from one. */
type WithoutProse<T> = T extends (infer U)[]
  ? WithoutProse<U>[]
  : T extends object
    ? { [K in keyof T as K extends 'detail' ? never : K]: WithoutProse<T[K]> }
    : T;

/**
 * A payload section of a handoff's judgement, or undefined. Handoffs are made from envelopes that passed their schema, so
 * the members have the types of the schema; only their presence is in question.
 */
export function readSection<R extends keyof EnvelopePayloads>(
  handoff: Pick<Handoff, 'judgement'>,
  role: R,
): WithoutProse<NonNullable<EnvelopePayloads[R]>> | undefined {
  const section = handoff.judgement[role];
  if (typeof section !== 'object' || section === null || Array.isArray(section)) return undefined;
  return section as WithoutProse<NonNullable<EnvelopePayloads[R]>>;
}

/** Kinds of the blocking blockers that an agent reported. */
export function reportedBlockers(handoff: Pick<Handoff, 'judgement'>): string[] {
  const blockers = handoff.judgement['blockers'];
  return Array.isArray(blockers) ? blockers.filter((kind): kind is string => typeof kind === 'string') : [];
}
