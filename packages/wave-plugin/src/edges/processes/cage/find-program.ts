import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The program that a command names, as the system would find it: on PATH, or by its path from `cwd`. Codes: ENOENT, EACCES. */
export function findProgram(
  command: string,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): { path: string } | { errorCode: string } {
  const places = command.includes('/')
    ? [isAbsolute(command) ? command : join(cwd, command)]
    : (env['PATH'] ?? '')
        .split(delimiter)
        .map((folder) => join(isAbsolute(folder) ? folder : join(cwd, folder), command));
  let errorCode = 'ENOENT';
  for (const path of command === '' ? [] : places) {
    const found = look(path);
    if (found === 'program') return { path };
    if (found !== null) errorCode = found;
  }
  return { errorCode };
}

function look(path: string): 'program' | 'EACCES' | null {
  try {
    if (!statSync(path).isFile()) return 'EACCES';
    accessSync(path, constants.X_OK);
    return 'program';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'EACCES' : null;
  }
}
