import { failure } from '@nx-wave/schemas/plain';

/** The code of an error of the operating system, `ENOENT` say; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Whether an error says that nothing stands at the path. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

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
    next: 'Make the folder writable and run the same command again.',
  });
}
