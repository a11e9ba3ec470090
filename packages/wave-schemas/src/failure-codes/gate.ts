/** What a gate can say against closing. The words are those of the wave system: tools already match on them. */
export const gateFailures = {
  'gate-failed': 'A gate has no more precise code for its refusal.',
} as const;
