import type { WaveRecord } from '@nx-wave/schemas';
import { buildWave } from '../../testing/resolved';
import { implementer, steward } from '../../testing/stewards';
import { openRecords } from './open-records';
import type { RecordSource } from './record-source';

const wave = buildWave([implementer('A1'), implementer('A2'), implementer('A3'), steward('integration')]);
const says = (agentId: string, ...records: Partial<WaveRecord>[]): RecordSource => ({
  agentId,
  stage: agentId === 'A8' ? 'integration' : 'implementation',
  records: records.map((record) => ({ kind: 'request', summary: 'Please look.', ...record })) as WaveRecord[],
});
const answer = (...answers: string[]) => ({ kind: 'decision' as const, answers });
const open = (...sources: RecordSource[]) =>
  openRecords(wave, sources, []).map(({ by, record, waitsFor }) => `${by}/${record.id} ${waitsFor.join()}`);

describe('two agents of a wave that call a record by the same id', () => {
  const first = says('A1', { id: 'q1', targets: ['agent:A3'] });
  const second = says('A2', { id: 'q1', targets: ['agent:A8'] });

  it('are answered one by one, each by whom it is addressed to', () => {
    expect(open(first, second)).toEqual(['A1/q1 A3', 'A2/q1 A8']);
    expect(open(first, second, says('A3', answer('q1')))).toEqual(['A2/q1 A8']);
    expect(open(first, second, says('A8', answer('q1')))).toEqual(['A1/q1 A3']);
  });

  it('are both open for an answer that may mean either, until it gives the full name', () => {
    const both = says('A2', { id: 'q1', targets: ['agent:A3'] });
    expect(open(first, both, says('A3', answer('q1')))).toEqual(['A1/q1 A3', 'A2/q1 A3']);
    expect(open(first, both, says('A3', answer('A2/q1')))).toEqual(['A1/q1 A3']);
    expect(open(first, both, says('A3', answer('A2/q1', 'A1/q1')))).toEqual([]);
  });

  it('are taken back by their own authors alone', () => {
    const takenBack = says('A1', { id: 'q1', targets: ['agent:A3'] }, answer('q1'));
    expect(open(takenBack, second)).toEqual(['A2/q1 A8']);
  });
});
