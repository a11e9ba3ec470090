import type { LedgerEntry } from '@nx-wave/schemas';
import { buildExecutor, buildWave } from '../../testing/resolved';
import { implementer } from '../../testing/stewards';
import {
  amendmentsOf,
  epochOf,
  isLanded,
  revokedProofs,
  sortLedger,
  standingLanding,
  withExecutorChanges,
} from './ledger';

let counter = 0;
function entry(body: Record<string, unknown>, id = (counter += 1)): LedgerEntry {
  const head = { schemaVersion: 1, id: `01J${String(id).padStart(23, '0')}`, wave: 'wave-3' };
  return {
    ...head,
    recordedAt: '2026-01-02T03:04:05Z',
    by: 'sam',
    reason: 'because',
    ...body,
  } as LedgerEntry;
}

const retry = (agents: string[], executorChanges: object[] = []) =>
  entry({ type: 'retry.applied', agents, fresh: false, executorChanges });
const landed = () => entry({ type: 'wave.landed', closureDigest: 'f'.repeat(64), changes: [], agents: [] });
const reopened = () => entry({ type: 'wave.reopened' });
const a1 = implementer('A1');

describe('the ledger', () => {
  it('is in the order of its ids, and the same entry of two branches is one entry', () => {
    const [one, two] = [reopened(), reopened()];
    expect(sortLedger([two, one, { ...two }])).toEqual([one, two]);
  });

  it.each<[string, LedgerEntry[], boolean]>([
    ['nothing', [], false],
    ['a landing', [landed()], true],
    ['a landing and a reopening', [landed(), reopened()], false],
    ['a second landing', [landed(), reopened(), landed()], true],
  ])('with %s says whether the wave has landed', (_case, entries, expected) => {
    expect(isLanded([...entries].reverse())).toBe(expected);
    expect(standingLanding(entries)?.type).toBe(expected ? 'wave.landed' : undefined);
  });

  it('forgets a landing whose commit was reverted: its file is gone', () => {
    const first = landed();
    const note = entry({ type: 'gate.waived', code: 'x', agentId: null });
    expect(isLanded([first, note])).toBe(true);
    expect(isLanded([note])).toBe(false);
  });

  it('makes the last entry that invalidates an agent its epoch, and no other agent’s', () => {
    const entries = [retry(['A1']), retry(['A2']), retry(['A1', 'A3']), reopened()];
    expect(epochOf([...entries].reverse(), a1)).toBe(entries[2]?.id);
    expect(epochOf(entries, implementer('A4'))).toBeNull();
    const revoked = entry({ type: 'bundle.revoked', agentId: 'A1', proofDigest: 'f'.repeat(64) });
    expect(epochOf([...entries, revoked], a1)).toBe(revoked.id);
    expect(epochOf([...entries, revoked], implementer('A2'))).toBe(entries[1]?.id);
  });

  it('merges the retries of two branches without asking anybody a third time', () => {
    const [ours, theirs] = [retry(['A1']), retry(['A1'])];
    expect(epochOf([ours, theirs], a1)).toBe(theirs.id);
    expect(epochOf([theirs, ours], a1)).toBe(theirs.id);
  });

  it('grants paths by agent or unit, once and sorted', () => {
    const grant = (agentId: string, paths: string[]) => entry({ type: 'ownership.amended', agentId, paths });
    const hybrid = { unitId: 'D1-design', agentId: 'D1' };
    const entries = [grant('D1', ['b', 'a']), grant('D1-design', ['a', 'c']), grant('D1-build', ['z'])];
    expect(amendmentsOf(entries, hybrid)).toEqual(['a', 'b', 'c']);
  });

  it('names the proofs that nothing may build on any more', () => {
    expect(revokedProofs([entry({ type: 'bundle.revoked', agentId: 'A1', proofDigest: 'd' })])).toEqual(
      new Set(['d']),
    );
  });
});

describe('withExecutorChanges', () => {
  const executor = buildExecutor(
    'codex',
    {},
    { retryPolicy: 'fallback-allowed', fallbacks: ['claude'], model: 'm' },
  );
  const change = (to: string) => [retry(['A1'], [{ agentId: 'A1', from: 'codex', to }])];
  const of = (overrides: Partial<typeof executor>, to: string) => {
    const unit = implementer('A1', { executor: { ...executor, ...overrides } });
    return withExecutorChanges(buildWave([unit]), change(to)).agents[0]?.executor;
  };

  it('moves an agent along its own fallbacks', () => {
    expect(of({}, 'claude')).toMatchObject({ id: 'claude', model: null, selectedBy: 'retry-fallback' });
  });

  it.each([
    ['a stranger', {}, 'opencode'],
    ['a fallback of a sticky agent', { retryPolicy: 'sticky' as const }, 'claude'],
    ['anything under --executor', { selectedBy: 'override' as const }, 'claude'],
    ['the one it has', {}, 'codex'],
  ])('does not move an agent to %s', (_case, overrides, to) => {
    expect(of(overrides, to)).toEqual({ ...executor, ...overrides });
  });

  it('takes the last change of several', () => {
    const unit = implementer('A1', { executor: { ...executor, fallbacks: ['claude', 'opencode'] } });
    const entries = [...change('claude'), ...change('opencode')];
    expect(withExecutorChanges(buildWave([unit]), [...entries].reverse()).agents[0]?.executor.id).toBe(
      'opencode',
    );
  });
});
