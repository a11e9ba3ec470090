import { type Failure, type FailureCode, type Result, err, failure } from '@nx-wave/schemas/plain';
import { remedies } from '../files/io-errors';

const freeSpace = 'free some space, then run the same command again: finished work is kept';

/** What git prints where the machine has no more of something, or where a disk is broken. */
const wornOut: readonly (readonly [RegExp, string])[] = [
  [/Input\/output error/i, 'EIO'],
  [/Too many open files/i, 'EMFILE'],
];

/** The machine could not do it: this tells nothing of anybody's work. */
function machineGaveUp(code: string, message: string): Failure {
  return failure('state-unwritable', message, {
    next: `${remedies[code]} and run the same command again: finished work is kept.`,
  });
}

/** The failure that a message of git about the disk stands for, or null. */
export function failureOfText(text: string): Failure | null {
  const line = text.split('\n').find((l) => /No space left on device|Disk quota exceeded/i.test(l));
  if (line) return failure('disk-full', `There is no space left: ${line.trim()}`, { next: freeSpace });
  const denied = text.split('\n').find((l) => /Read-only file system|Permission denied/i.test(l));
  if (denied)
    return failure('state-unwritable', `A folder cannot be written or read: ${denied.trim()}`, {
      next: 'check the owner and the permissions of the path in the message',
    });
  for (const [said, code] of wornOut) {
    const told = text.split('\n').find((l) => said.test(l));
    if (told) return machineGaveUp(code, `A program of git could not work: ${told.trim()}`);
  }
  return null;
}

function failureOfErrno(error: NodeJS.ErrnoException, code: FailureCode, doing: string): Failure {
  const at = error.path ? ` (${error.path})` : '';
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('disk-full', `There is no space left while ${doing}${at}.`, { next: freeSpace });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure('state-unwritable', `No permission while ${doing}${at}: ${error.message}`, {
        next: 'check the owner and the permissions of the path in the message',
      });
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return machineGaveUp(error.code, `The machine failed while ${doing}${at}: ${error.message}`);
    default:
      return failure(code, `Failed while ${doing}: ${error.message}`);
  }
}

/** An error of the operating system, told by its shape: it may come from another realm. */
function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}

/** Runs file work and turns operating-system errors into failures; anything else is a bug and stays thrown. */
export async function guardIo<T>(
  code: FailureCode,
  doing: string,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (isErrno(error)) return err(failureOfErrno(error, code, doing));
    throw error;
  }
}
