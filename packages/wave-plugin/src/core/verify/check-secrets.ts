import { failure, type Failure } from '@nx-wave/schemas/plain';
import { namePaths } from './proof-writes';
import type { FileEvidence, SecretSighting, SecretsSeen } from './slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';
import { secretWaiver } from './slice-waivers';

const nothingSeen: SecretsSeen = { sightings: [], unsearched: [] };

/** A slice adds no value of a secret variable, unless a person has waived it. */
export function checkSecrets(evidence: FileEvidence): Failure[] {
  const { secrets = nothingSeen, wave, agent } = evidence;
  if (secretWaiver(evidence) !== null) return [];
  return secrets.sightings
    .filter(({ certain }) => certain)
    .map((sighting) =>
      sliceFailure(evidence, {
        code: 'secret-in-slice',
        what: `${whereOf(sighting)} holds the value of the secret variable ${sighting.variable}`,
        expected: 'a change that adds no value of such a variable',
        got: `the value of ${sighting.variable}, which the base does not have`,
        path: sighting.path,
        next:
          `Let the agent take it out (${runAgain(evidence)}). Where it may be there: nx run ${wave.identity.project}` +
          `:decide --waive secret-in-slice --agent ${agent.unitId} --reason "…" --by "…", and nobody is paid again`,
      }),
    );
}

/** What is said of secrets and refuses nothing: waived ones, likely words, files that nobody looked through. */
export function secretNotes(evidence: FileEvidence): Failure[] {
  const { secrets = nothingSeen, agent, wave } = evidence;
  const waiver = secretWaiver(evidence);
  const place = { wave: wave.identity.project, agentId: agent.unitId };
  const note = (message: string, path?: string) =>
    failure('secret-in-slice', `Agent ${agent.unitId}: ${message}`, {
      severity: 'note',
      place: path === undefined ? place : { ...place, path },
    });
  const { unsearched } = secrets;
  return [
    ...secrets.sightings
      .filter(({ certain }) => !certain || waiver !== null)
      .map((sighting) => {
        const holds = `${whereOf(sighting)} holds the value of the variable ${sighting.variable}`;
        const why = sighting.certain ? `Waived by ${waiver ?? ''}` : 'It is too short to be sure of.';
        return note(`${holds}. ${why}`, sighting.path);
      }),
    ...(unsearched.length === 0
      ? []
      : [note(`no secret was looked for in ${namePaths(unsearched)}: too large, or not readable.`)]),
  ];
}

function whereOf({ path, line }: SecretSighting): string {
  return line === null ? `the name of ${path}` : `${path}, line ${line},`;
}
