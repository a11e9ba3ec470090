import { join } from 'node:path';
import { type Result } from '@nx-wave/schemas/plain';
import { replaceView } from '../../edges/files/replace-view';
import type { Session } from '../session/session';

/** Puts a copy of a folder at an output of this wave, whole, whoever else reads or writes there. */
export function showFolder(session: Session, from: string, to: string): Promise<Result<void>> {
  return replaceView(from, to, join(session.at(session.wave.identity.launcherDir), '.drafts'));
}
