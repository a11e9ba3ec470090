import fc from 'fast-check';
import { eventsIn } from './json-lines';

describe('eventsIn', () => {
  it.each([
    ['nothing', '', []],
    ['words', 'server {ready}', []],
    ['an object that does not say what it is', '{"level":"info"}', []],
    ['an event that never ends', 'x {"type":"a","more":{"type":"b"}', []],
    ['an event in a text', '{"said":"{\\"type\\":\\"a\\"}"}', []],
    ['two events with words between', '{"type":"a"} and {"type":"b"}.', [{ type: 'a' }, { type: 'b' }]],
    ['an event after what only looks like one', '{"type": a} {"type":"b"}', [{ type: 'b' }]],
    ['an event with a brace and a quote in its text', 'x{"type":"a","t":"}\\"{"}', [{ type: 'a', t: '}"{' }]],
  ])('reads %s', (_title, line, events) => {
    expect(eventsIn(line)).toEqual(events);
  });

  it('reads any event behind any words that hold no object', () => {
    const words = fc.string().map((text) => text.replaceAll('{', ''));
    const event = fc.record({ type: fc.string(), more: fc.jsonValue() });
    fc.assert(
      fc.property(words, event, words, (before, value, after) => {
        const line = `${before}${JSON.stringify(value)}${after}`;
        expect(eventsIn(line)).toEqual([JSON.parse(JSON.stringify(value))]);
      }),
    );
  });

  it.each(['{"', '{ ', '{"a":{}', '{"type":"a"', '\u001b]', '\u001b]0;{"', '\u001b[1', '"{', '\\"{"'])(
    'takes no longer than its line is long, whatever %j repeated claims to begin',
    (piece) => {
      const startedAt = performance.now();
      eventsIn(piece.repeat(2_000_000 / piece.length));
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  );
});
