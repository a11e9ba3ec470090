import type { Failure } from '@nx-wave/schemas/plain';
import {
  checkBlockers,
  checkComponents,
  checkDocClaim,
  checkExitContract,
  checkProofClaim,
  checkProofState,
} from './check-claims';
import { checkDeliverables, checkProofArtifacts } from './check-files';
import { checkOwnership, checkSymlinks } from './check-ownership';
import { checkProofCommands } from './check-proof-commands';
import { checkQuestions } from './check-questions';
import { checkSecrets, secretNotes } from './check-secrets';
import { checkNotEmpty, checkStrength } from './check-strength';
import type { FileEvidence, SliceEvidence } from './slice-evidence';

/** Checks that need no envelope: what the runner sees of the files and of the proof commands. */
const fileChecks: readonly ((evidence: FileEvidence) => Failure[])[] = [
  checkOwnership,
  checkSymlinks,
  checkSecrets,
  checkDeliverables,
  checkProofArtifacts,
  checkProofCommands,
  checkNotEmpty,
  checkStrength,
];

/** In the order in which people read them: what endangers the tree first, then what is missing, then what is red. */
const checks: readonly ((evidence: SliceEvidence) => Failure[])[] = [
  checkOwnership,
  checkSymlinks,
  checkSecrets,
  checkQuestions,
  checkBlockers,
  checkDeliverables,
  checkProofArtifacts,
  checkProofState,
  checkExitContract,
  checkProofClaim,
  checkDocClaim,
  checkComponents,
  checkProofCommands,
  checkNotEmpty,
  checkStrength,
];

/** Whether a slice keeps what its agent promised: all failures at once; an empty list means `owned_slice_proven`. */
export function verifySlice(evidence: SliceEvidence): Failure[] {
  return checks.flatMap((check) => check(evidence));
}

/** The part of the judgement that no envelope can change: empty means that a repair of the envelope is enough. */
export function verifyFiles(evidence: FileEvidence): Failure[] {
  return fileChecks.flatMap((check) => check(evidence));
}

/** What is worth saying of a slice and refuses nothing. */
export function noteSlice(evidence: FileEvidence): Failure[] {
  return secretNotes(evidence);
}
