import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import fc from 'fast-check';
import { foldEvents, parseEventLog } from './event-log';

const event = (type: string, overrides: Partial<ControlPlaneEvent> = {}): ControlPlaneEvent => ({
  schemaVersion: 1,
  seq: 0,
  at: '2026-01-02T03:04:05.000Z',
  wave: 'wave-3',
  agentId: 'A1',
  attempt: 1,
  type,
  data: {},
  ...overrides,
});

describe('parseEventLog', () => {
  const whole = `${canonicalJson(event('attempt.started'))}\n`;

  it.each([
    ['nothing', '', 0, 0],
    ['one line', whole, 1, 0],
    ['a torn last line', `${whole}${whole.slice(0, 40)}`, 1, 1],
    ['a torn line that another process wrote on', `${whole.slice(0, 40)}\n${whole}`, 1, 1],
    ['lines of Windows', whole.replace('\n', '\r\n'), 1, 0],
    ['JSON that is no event', `[]\n"x"\n{"type":1}\nnull\n${whole}`, 1, 4],
    ['an attempt below one', `${canonicalJson({ ...event('x'), attempt: 0 })}\n`, 0, 1],
    ['an event without data', canonicalJson({ ...event('attempt.started'), data: undefined }), 0, 1],
    ['an event whose data is nothing', whole.replace('"data":{}', '"data":null'), 0, 1],
    ['lines that are no JSON, with and without brackets', '```\nx\n{\n}\n{x}\n', 0, 5],
    ['a line with blanks around it', ` \t${whole.trim()} \r\n`, 1, 0],
  ])('reads %s', (_case, text, events, skippedLines) => {
    const log = parseEventLog(text);
    expect(log.events).toHaveLength(events);
    expect(log.skippedLines).toBe(skippedLines);
  });

  it('keeps an event of a type that nobody knows yet', () => {
    expect(parseEventLog(canonicalJson(event('moon.risen'))).events).toHaveLength(1);
  });

  it('never throws, whatever was written', () => {
    fc.assert(fc.property(fc.string(), (text) => parseEventLog(text).events.length <= text.length));
  });

  it('reads nothing that the fold cannot take, whatever is missing or of another kind', () => {
    const log = fc
      .record({
        key: fc.constantFrom(...Object.keys(event('x'))),
        value: fc.oneof(fc.constantFrom(null, undefined), fc.jsonValue()),
      })
      .map(({ key, value }) => canonicalJson({ ...event('attempt.started'), [key]: value }));
    fc.assert(
      fc.property(log, (line) => {
        const { events, skippedLines } = parseEventLog(line);
        expect(events.length + skippedLines).toBe(1);
        foldEvents(events, 'wave-3');
      }),
    );
  });
});

describe('foldEvents', () => {
  it('knows how far each attempt came, and for which work', () => {
    const folded = foldEvents(
      [
        event('attempt.started', { data: { workKey: 'k1' } }),
        event('slice.collected', { seq: 1 }),
        event('slice.refused', { seq: 2 }),
        event('attempt.started', { attempt: 2 }),
        event('attempt.started', { agentId: 'A2' }),
        event('slice.proven', { agentId: 'A2', seq: 1 }),
      ],
      'wave-3',
    );
    expect(folded).toEqual([
      { unitId: 'A1', attempt: 1, workKey: 'k1', progress: 'refused' },
      { unitId: 'A1', attempt: 2, workKey: null, progress: 'started' },
      { unitId: 'A2', attempt: 1, workKey: null, progress: 'proven' },
    ]);
  });

  it.each([
    ['of another wave', event('attempt.started', { wave: 'wave-4' })],
    ['of no agent', event('attempt.started', { agentId: null })],
    ['of an unknown type', event('moon.risen')],
    ['of a type that every object has', event('constructor')],
  ])('takes nothing from an event %s', (_case, one) => {
    expect(foldEvents([one], 'wave-3')).toEqual([]);
  });

  it('is the same in any order and for events that are told twice, and a final word stays final', () => {
    const types = ['attempt.started', 'slice.collected', 'slice.refused', 'slice.proven', 'moon.risen'];
    const events = fc.array(
      fc.record({
        type: fc.constantFrom(...types),
        agentId: fc.constantFrom('A1', 'A2'),
        attempt: fc.integer({ min: 1, max: 2 }),
        workKey: fc.constantFrom('k1', 'k2', null),
      }),
    );
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (list, ranks) => {
        const told = list.map(({ type, agentId, attempt, workKey }, seq) =>
          event(type, { agentId, attempt, seq, data: workKey === null ? {} : { workKey } }),
        );
        const shuffled = [...told, ...told]
          .map((one) => ({ one, rank: ranks.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        const folded = foldEvents(told, 'wave-3');
        expect(foldEvents(shuffled, 'wave-3')).toEqual(folded);
        for (const { unitId, attempt, progress } of folded) {
          const proven = told.some(
            (one) => one.agentId === unitId && one.attempt === attempt && one.type === 'slice.proven',
          );
          expect(progress === 'proven').toBe(proven);
        }
      }),
    );
  });
});
