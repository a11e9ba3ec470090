import { maturityLevels, type Failure } from '@nx-wave/schemas/plain';
import type { ProofArtifactSpec } from '@nx-wave/schemas';
import { isMarker } from './documents';
import type { FileEvidence } from './slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';

const symlinkMode = '120000';

type Found = FileEvidence['files'][string] | null | undefined;

function isContent(file: Found): boolean {
  return !!file && file.mode !== symlinkMode && file.size > 0;
}

function isEmptyFile(file: Found): boolean {
  return file?.size === 0 && file.mode !== symlinkMode;
}

function kindOf(file: Found): string {
  if (!file) return 'no file';
  return file.mode === symlinkMode ? 'a symbolic link' : 'an empty file';
}

function describeLack({ blank, empty }: { blank: boolean; empty: boolean }): string {
  if (blank) return 'has no content';
  return empty ? 'is empty' : 'is missing';
}

/** Every deliverable is a file with content. */
export function checkDeliverables(evidence: FileEvidence): Failure[] {
  return evidence.agent.deliverables.flatMap((path) => {
    const file = Object.hasOwn(evidence.files, path) ? evidence.files[path] : null;
    const blank = file?.blank === true && evidence.agent.proofStrength.level !== 'exit';
    if ((isContent(file) || (isEmptyFile(file) && isMarker(path))) && !blank) return [];
    const empty = blank || isEmptyFile(file);
    return sliceFailure(evidence, {
      code: empty ? 'deliverable-empty' : 'deliverable-missing',
      what: `the deliverable ${path} ${describeLack({ blank, empty })}`,
      expected: 'a file with content',
      got: blank ? 'white space and comments' : kindOf(file),
      path,
      next: `${runAgain(evidence)}, or take ${path} out of "### Deliverables"`,
    });
  });
}

/** Every proof artifact that the agent's component targets ask for is a file with content. */
export function checkProofArtifacts(evidence: FileEvidence): Failure[] {
  const { files } = evidence;
  return requiredArtifacts(evidence).flatMap(({ path }) => {
    const file = Object.hasOwn(files, path) ? files[path] : null;
    if (isContent(file)) return [];
    return sliceFailure(evidence, {
      code: 'proof-artifact-missing',
      what: `the proof artifact ${path} is ${file ? 'no file with content' : 'missing'}`,
      expected: 'a file with content',
      got: kindOf(file),
      path,
      next: `${runAgain(evidence)}, or take ${path} out of "### Proof artifacts"`,
    });
  });
}

/** Whose artifacts, and the maturity levels from low to high where the component matrix has its own. */
type ArtifactOwner = Pick<FileEvidence, 'levels'> & {
  agent: Pick<FileEvidence['agent'], 'proofArtifacts' | 'components'>;
};

/** The proof artifacts that an agent cannot be proven without. */
export function requiredArtifacts(owner: ArtifactOwner): ProofArtifactSpec[] {
  return owner.agent.proofArtifacts.filter((artifact) => isRequired(artifact, owner));
}

/** Required: for every level, for an agent without a component target, or from one of its levels on. */
function isRequired(artifact: ProofArtifactSpec, { agent, levels = maturityLevels }: ArtifactOwner): boolean {
  if (artifact.requiredFor.length === 0 || agent.components.length === 0) return true;
  const highest = Math.max(...agent.components.map(({ targetLevel }) => levels.indexOf(targetLevel)));
  return artifact.requiredFor.some((level) => {
    const wanted = levels.indexOf(level);
    return wanted >= 0 && highest >= wanted;
  });
}
