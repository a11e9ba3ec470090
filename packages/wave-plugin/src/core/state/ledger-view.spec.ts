import type { LedgerEntry } from '@nx-wave/schemas';
import { buildAgent } from '../../testing/resolved';
import { amendedPaths, ledgerView } from './ledger-view';

const agent = buildAgent({ agentId: 'A1', unitId: 'A1-api' });
const entry = (at: number, body: Record<string, unknown>): LedgerEntry =>
  ({
    ...{
      schemaVersion: 1,
      id: `01J${String(at).padStart(23, '0')}`,
      wave: 'wave-3',
      by: 'sam',
      reason: 'because',
    },
    recordedAt: '2026-01-02T03:04:05Z',
    ...body,
  }) as LedgerEntry;
const answer = (at: number, agentId: string) =>
  entry(at, { type: 'request.answered', requestId: 'q1', agentId, text: 'As CSV.' });
const handedTo = (at: number, to: string) => entry(at, { type: 'request.reassigned', requestId: 'r1', to });
const granted = (at: number, agentId: string, ...paths: string[]) =>
  entry(at, { type: 'ownership.amended', agentId, paths });

describe('what an agent sees of the ledger', () => {
  it.each<[string, LedgerEntry[]]>([
    ['nothing', []],
    ['an answer to somebody else', [answer(1, 'A2')]],
    ['a request that somebody else got', [handedTo(1, 'A2')]],
    ['a path that somebody else was granted', [granted(1, 'A2', 'src/a.ts')]],
    ['a waiver', [entry(1, { type: 'gate.waived', code: 'x', agentId: 'A1' })]],
    [
      'an entry of another kind with a member of a later version',
      [entry(1, { type: 'gate.waived', code: 'x', agentId: null, to: 'A1', requestId: 'r1' })],
    ],
    [
      'a landing',
      [entry(1, { type: 'wave.landed', closureDigest: 'f'.repeat(64), changes: [], agents: [] })],
    ],
  ])('is nothing where it holds %s', (_what, ledger) => {
    expect(ledgerView(ledger, agent)).toEqual({ epoch: null, entries: [] });
  });

  it.each(['A1', 'A1-api'])('is the answer to its question and the request that it got, as %s', (name) => {
    const [answered, handed] = [answer(1, name), handedTo(2, name)];
    expect(ledgerView([handed, answered], agent)).toEqual({
      epoch: null,
      entries: [
        { id: answered.id, type: 'request.answered', content: { requestId: 'q1', text: 'As CSV.' } },
        { id: handed.id, type: 'request.reassigned', content: 'r1' },
      ],
    });
  });

  it('is all paths that it was granted, in one entry without an id, and the last word that it is to run again', () => {
    const again = entry(3, { type: 'retry.applied', agents: ['A1-api'], fresh: false, executorChanges: [] });
    const view = ledgerView([granted(1, 'A1', 'src/b.ts'), granted(2, 'A1-api', 'src/a.ts'), again], agent);
    const paths = ['src/a.ts', 'src/b.ts'];
    expect(view).toEqual({
      epoch: again.id,
      entries: [{ id: '', type: 'ownership.amended', content: paths }],
    });
    expect(amendedPaths(view)).toEqual(paths);
    expect(amendedPaths(ledgerView([answer(1, 'A1')], agent))).toEqual([]);
  });
});
