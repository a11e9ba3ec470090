import { failure, type Failure } from '@nx-wave/schemas/plain';

/** The code of an error of the operating system, `ENOENT` say; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Whether an error says that nothing stands at the path. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const again = ' and run the same command again.';
const moreFiles = 'Allow more open files (ulimit -n)';
/** What a person does where the operating system answers this code. */
export const remedies: Readonly<Record<string, string>> = {
  EIO: 'Look at the disk (dmesg names its errors)',
  EMFILE: moreFiles,
  ENFILE: moreFiles,
};

/** Maps what the operating system says about a write to a failure that a person can act on; a defect stays thrown. */
export function describeWriteError(path: string, error: unknown) {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return failure('disk-full', `There is no space left to write ${path}.`, {
      place: { path },
      next: 'Free some space and run the same command again: finished work is kept.',
    });
  }
  return failure('state-unwritable', `${path} cannot be written (${code}).`, {
    place: { path },
    next: `${remedies[code] ?? 'Make the folder writable'}${again}`,
  });
}

/** What a machine answers that is full, worn out or forbidden; anything else that is thrown is a defect of ours. */
const machineErrors = /^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EIO|EMFILE|ENFILE)$/;

/**
 * The failure that a command ends with where something was thrown: an error of the operating system that came at a place
 * where nothing can be saved any more, or a defect. Codes: disk-full, state-unwritable, internal-error.
 */
export function failureOfThrown(error: unknown): Failure {
  if (machineErrors.test(errorCode(error) ?? '')) {
    const { path } = error as NodeJS.ErrnoException;
    return describeWriteError(path ?? 'A file of the runner', error);
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure('internal-error', detail, { next: 'Report this defect with the output above.' });
}
