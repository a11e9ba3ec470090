import { type Failure } from '@nx-wave/schemas/plain';
import { type ScopeName } from './scope';

/** Failures of the configuration that rule one wave: those of another lane or project are none of its business. */
export function configFailuresOf(failures: readonly Failure[], scope: ScopeName): Failure[] {
  return failures.filter((one) => concerns(keyPathOf(one), scope));
}

/** Keys from the root of the document to the value that is wrong; empty where the document itself cannot be read. */
function keyPathOf({ facts }: Failure): readonly unknown[] {
  const path = facts?.['keyPath'];
  return Array.isArray(path) ? path : [];
}

function concerns([first, name, ...rest]: readonly unknown[], { projectId, lane }: ScopeName): boolean {
  if (first === 'lanes' && name !== undefined) return projectId === null && name === lane;
  if (first !== 'projects' || name === undefined) return true;
  if (name !== projectId) return false;
  return rest[0] !== 'lanes' || rest[1] === undefined || rest[1] === lane;
}
