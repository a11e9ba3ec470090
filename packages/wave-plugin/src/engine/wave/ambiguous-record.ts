import { failure, type Failure } from '@nx-wave/schemas/plain';
import { fullName, recordsNamed, type Named } from '../../core/result/record-names';
import { reduceWave } from '../../core/state/reduce-wave';
import type { Session } from '../session/session';
import { gatherWave } from './wave-evidence';

/** A decision about one of two records would be taken for the other one as well. */
export function ambiguousRecord(project: string, records: readonly Named[]): Failure {
  const names = records.map(fullName);
  return failure('record-ambiguous', `${records[0]?.id ?? ''} may be ${names.join(' or ')}.`, {
    place: { wave: project },
    next: `Name one of them, for example ${names[0] ?? ''}.`,
  });
}

/** The same of what a person has written; null where it means one open record at most. */
export async function refuseAmbiguous(session: Session, text: string): Promise<Failure | null> {
  const { openRecords } = reduceWave((await gatherWave(session)).evidence);
  const all = openRecords.map(({ by, record }) => ({ by, id: record.id }));
  const found = recordsNamed(text, all);
  return found.length > 1 ? ambiguousRecord(session.wave.identity.project, found) : null;
}
