import { failure, type Failure } from '@nx-wave/schemas/plain';

/**
 * `retry --agents=A2`: Nx keeps `--agents` for itself, so the option never arrives and no agent would be asked. The command
 * lines are those of Nx and of what called it; only one that names this target is looked at.
 */
export function misspelledAgents(
  commandLines: readonly (readonly string[])[],
  project: string,
): Failure | null {
  const line = commandLines.find(
    (words) => words.some((word) => word.startsWith(`${project}:`)) && words.some(isAgents),
  );
  if (line === undefined) return null;
  const [option = '', following = ''] = line.slice(line.findIndex(isAgents));
  const value = option.split('=')[1] ?? following;
  const agents = /^[\w,-]+$/.test(value) && !value.startsWith('-') ? value : 'A1,A2';
  return failure(
    'option-invalid',
    'Nx keeps `--agents` for itself: it never arrives here, and no agent was asked to run again.',
    {
      next: `nx run ${project}:retry --agent=${agents}`,
    },
  );
}

function isAgents(word: string): boolean {
  return word === '--agents' || word.startsWith('--agents=');
}
