import type { Result } from '@nx-wave/schemas/plain';
import { writeDurable } from '../../edges/files/write-file';
import type { Session } from './session';

/**
 * Writes a record that only runners write: what is compared around a program without a cage. It is noted first, so that no
 * runner takes it for the work of such a program. `path` is absolute. Codes: those of writing.
 */
export function writeRecord(
  { edges }: Pick<Session, 'edges'>,
  path: string,
  { text, write = writeDurable }: { text: string; write?: typeof writeDurable },
): Promise<Result<void>> {
  edges.notes.note(path, text);
  return write(path, text);
}
