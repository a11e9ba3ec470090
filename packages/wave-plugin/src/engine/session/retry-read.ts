import type { Failure, Result } from '@nx-wave/schemas/plain';
import type { Edges } from './edges';

/** What a task reads and the tasks before it have left: absent, or half of it new. */
const left = new Set(['handoff-missing', 'verdict-missing', 'bundle-missing', 'proof-altered']);
const waitsMs = [50, 100, 200, 400];

/**
 * Reads again, for less than a second, what should be there and is not: Nx removes outputs for a moment when it restores
 * them for another command that launches the same wave.
 */
export async function retryRead<T, E extends Failure | Failure[]>(
  edges: Edges,
  read: () => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  let result = await read();
  for (const waitMs of waitsMs) {
    if (result.ok || !([result.error].flat() as Failure[]).every(({ code }) => left.has(code))) break;
    await edges.clock.sleep(waitMs, edges.signal);
    result = await read();
  }
  return result;
}
