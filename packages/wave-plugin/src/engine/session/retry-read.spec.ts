import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { Edges } from './edges';
import { retryRead } from './retry-read';

/** Answers one after the other; the last one stays. */
async function ask(
  answers: Result<string, Failure>[],
): Promise<{ result: Result<string, Failure>; slept: number[] }> {
  const slept: number[] = [];
  const edges = {
    signal: new AbortController().signal,
    clock: { now: () => 0, sleep: async (ms: number) => void slept.push(ms) },
  } as unknown as Edges;
  let asked = 0;
  const last = answers.at(-1);
  if (last === undefined) throw new Error('no answer');
  const result = await retryRead(edges, async () => answers[asked++] ?? last);
  return { result, slept };
}

const missing = err(failure('handoff-missing', 'Agent A1 has left no handoff.'));

describe('retryRead', () => {
  it('waits for what Nx is just restoring', async () => {
    const { result, slept } = await ask([missing, missing, ok('here')]);
    expect(result).toEqual(ok('here'));
    expect(slept).toEqual([50, 100]);
  });

  it('gives up in less than a second', async () => {
    const { result, slept } = await ask([missing]);
    expect(result).toEqual(missing);
    expect(slept.reduce((a, b) => a + b, 0)).toBeLessThan(1000);
  });

  it('does not wait for what will not change', async () => {
    const refused = err(failure('gate-failed', 'The stage has not passed.'));
    expect(await ask([refused])).toEqual({ result: refused, slept: [] });
    expect(await ask([ok('here')])).toEqual({ result: ok('here'), slept: [] });
  });
});
