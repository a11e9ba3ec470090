import type { BundlePredicate, LedgerEntry } from '@nx-wave/schemas';
import { waiverOf } from '../state/ledger';
import type { FileEvidence } from './slice-evidence';

/** What a person can waive of the judgement of a slice (`decide --waive`), each with one honest sentence. */
export const waivableSliceCodes = {
  'secret-in-slice': 'A slice adds the value of a secret variable.',
  'slice-empty': 'An agent that owns implementation changed nothing.',
  'outside-writes':
    'While an agent ran without a cage, something outside of its checkout changed that no runner and no person at work changes.',
} as const;

export type WaivableSliceCode = keyof typeof waivableSliceCodes;

/** Told with the reasons of an attempt and refusing nothing: whether the files are accepted does not hang on them. */
const remarks: ReadonlySet<string> = new Set(['agent-tools-denied', 'agent-unclear']);

/** Who has waived secrets in the slice, and why; null where nobody has. */
export function secretWaiver(evidence: FileEvidence): string | null {
  return sliceWaiver(evidence, 'secret-in-slice');
}

/** Who has waived one of the codes for the slice, and why; null where nobody has. */
export function sliceWaiver({ ledger = [], agent }: FileEvidence, code: WaivableSliceCode): string | null {
  return waiverOf(ledger, { code, agentIds: [agent.unitId] });
}

/**
 * Whether work was refused for nothing but what a person has waived since: it is judged again, and no agent is paid for
 * what is there already.
 */
export function isReleased(
  { state, agentId, failures }: Pick<BundlePredicate, 'state' | 'agentId' | 'failures'>,
  ledger: readonly LedgerEntry[],
): boolean {
  const counted = failures.filter(({ code }) => !remarks.has(code));
  return (
    state === 'not_proven' &&
    counted.length > 0 &&
    counted.every(
      ({ code }) =>
        Object.hasOwn(waivableSliceCodes, code) && waiverOf(ledger, { code, agentIds: [agentId] }) !== null,
    )
  );
}
