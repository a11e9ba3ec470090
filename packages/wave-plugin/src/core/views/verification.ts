import type { Failure } from '@nx-wave/schemas/plain';
import { count } from '../count';
import { describeFailure } from './describe-failure';

/** What `verify` saw of one wave, as far as people are told. */
export interface Verification {
  wave: string;
  intact: { store: number; attempts: number; shown: number };
  verdicts: readonly { stage: string; state: string }[];
  signed?: { commit: string; signer: string | null; files: number; unchecked?: readonly string[] };
  failures: readonly Failure[];
}

/** The lines of one wave: what is whole, who signed it, and every finding. */
export function verificationLines({ wave, intact, verdicts, signed, failures }: Verification): string[] {
  return [
    `intact: ${count(intact.store, 'bundle')} in the proof store, ${intact.attempts} of attempts, ${intact.shown} shown`,
    ...verdicts.map(({ stage, state }) => `verdict ${stage}: ${state}`),
    ...(signed?.signer
      ? [
          `signed by ${signed.signer}: ${count(signed.files, 'file')}, by the signers of commit ${signed.commit.slice(0, 12)}`,
        ]
      : []),
    ...(signed?.unchecked ?? []).map((what) => `not checked: ${what}`),
    ...failures.map(describeFailure),
    failures.length === 0 ? `${wave} rests on what was recorded` : count(failures.length, 'finding'),
  ];
}
