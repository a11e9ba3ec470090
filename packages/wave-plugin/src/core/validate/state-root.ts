import { failure, type Failure } from '@nx-wave/schemas/plain';

/** What is said where git sees the folder of everything that a run writes. */
export function stateRootNotIgnored(stateRoot: string): Failure {
  return failure(
    'state-root-not-ignored',
    `${stateRoot} is not ignored by git: results of agents would change the base of the next one.`,
    {
      severity: 'warning',
      place: { path: '.gitignore' },
      next: `Add the line /${stateRoot} to .gitignore.`,
    },
  );
}
