import type { Usage } from '@nx-wave/schemas';
import fc from 'fast-check';
import { buildWave } from '../../testing/resolved';
import { simulateWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { planRetry } from '../retry/plan-retry';
import { nothingSpent } from '../spending';
import { judgeClosure } from '../state/judge-closure';
import type { UnitState, UnitStatus } from '../state/wave-state';
import { standingRecord } from './closure-record';
import { parseLiveNote, type LiveNote } from './live-note';
import { ranLines, rowWords, watchEnd, watchNews, watchRows, watchTable, type WatchInput } from './watch';
import { widthOf } from './width';

const at = (second: number) =>
  `2026-01-01T00:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000Z`;
const msAt = (second: number) => Date.parse(at(second));
const usage: Usage = { inputTokens: 120_000, outputTokens: 3_000, usd: 1.2, estimated: false };

function note(unitId: string, change: Partial<LiveNote> = {}): LiveNote {
  return {
    schemaVersion: 1,
    unitId,
    attempt: 1,
    executor: 'local',
    phase: 'working',
    startedAt: at(0),
    at: at(60),
    last: { text: 'edits src/units.ts', at: at(58) },
    turns: 14,
    usage,
    waiting: null,
    launch: { pid: 1, startTime: '1', bootId: 'b', host: 'h', pidSpace: 'p' },
    ...change,
  };
}

/** A wave of two agents and a steward, with these states and notes. */
function watched(
  states: Record<string, UnitStatus>,
  notes: LiveNote[] = [],
  change: Partial<WatchInput> = {},
): WatchInput {
  const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]));
  const { wave, verdicts, prove, bundles } = sim.evidence();
  const reduced = sim.state();
  const units = reduced.units.map((unit) => ({ ...unit, status: states[unit.unitId] ?? unit.status }));
  const state = { ...reduced, units };
  const plan = planRetry(state);
  const open = { changes: [], patchSha256: null, failures: [], landed: false, questions: [] };
  const closure = standingRecord({
    state,
    plan,
    closure: judgeClosure({ wave, verdicts, prove, bundles, ...open }),
  });
  return {
    state,
    plan,
    closure,
    notes,
    used: {},
    spending: nothingSpent,
    budget: { usd: null, tokens: null, minutes: null },
    redact: (text) => text,
    ...change,
  };
}

const textOf = (line: readonly { text: string }[]) => line.map(({ text }) => text).join('');

describe('a wave that runs', () => {
  it('shows of each agent its state, time, turns, tokens, cost and what it did last', () => {
    const input = watched({ A1: 'running' }, [note('A1')]);
    const lines = watchTable(input, { nowMs: msAt(90), width: 80 }).map(textOf);
    expect(lines[2]).toMatch(/^agent +state +elapsed +turns +tokens +cost +last$/);
    expect(lines[3]?.split(/ {2,}/)).toEqual([
      'A1',
      'working',
      '1 min 30 s',
      '14',
      '123k',
      '$1.20',
      'edits src/units.ts',
    ]);
    expect(lines[4]).toMatch(/^A2 +not run yet +- +- +- +-/);
  });

  it('says what an agent waits for, and how long that will be', () => {
    const waiting = { reason: 'rate limit of its service', since: at(30), until: at(270) };
    const [row] = watchRows(
      watched({ A1: 'running' }, [note('A1', { phase: 'waiting', waiting })]),
      msAt(90),
    );
    expect(row).toMatchObject({ state: 'waits', last: 'rate limit of its service; again in 3 min' });
    const [known] = watchRows(
      watched({ A1: 'running' }, [note('A1', { phase: 'waiting', waiting: { ...waiting, until: null } })]),
      msAt(90),
    );
    expect(known?.last).toBe('rate limit of its service');
  });

  it('believes what is stored, not what a process that is gone said last', () => {
    const [row] = watchRows(watched({ A1: 'interrupted' }, [note('A1')]), msAt(90));
    expect(row).toMatchObject({ state: 'interrupted', last: '' });
  });

  it('marks money that is estimated or unknown', () => {
    const costs = [
      { ...usage, estimated: true },
      { ...usage, usd: null },
    ].map((one) =>
      textOf(
        watchTable(watched({ A1: 'running' }, [note('A1', { usage: one })]), {
          nowMs: msAt(1),
          width: 80,
        })[3] ?? [],
      ),
    );
    expect(costs[0]).toContain('~$1.20');
    expect(costs[1]).toContain('?');
  });

  it('takes secrets out before it cuts', () => {
    const last = { text: 'uses hush-hush-0000 for it', at: at(1) };
    const redact = (text: string) => text.replace('hush-hush-0000', '***');
    const input = watched({ A1: 'running' }, [note('A1', { last })], { redact });
    for (let width = 40; width < 100; width += 1)
      expect(
        watchTable(input, { nowMs: msAt(1), width })
          .map(textOf)
          .join('\n'),
      ).not.toContain('hush');
  });

  it('is as wide as its window at most, whatever an agent says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 62, max: 200 }),
        (text, width) => {
          const input = watched({ A1: 'running' }, [note('A1', { last: { text, at: at(1) } })]);
          const widths = watchTable(input, { nowMs: msAt(7_000 % 3_599), width }).map((line) =>
            widthOf(textOf(line)),
          );
          expect(Math.max(...widths)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('is as high as its window at most: who works comes first, and the others are counted', () => {
    const input = watched({ 'cont-qa': 'running' }, []);
    const many = {
      ...input,
      state: {
        ...input.state,
        units: Array.from({ length: 40 }, (_, at) => ({
          ...(input.state.units[0] as UnitState),
          unitId: `B${at}`,
          status: at === 30 ? ('running' as const) : ('never-run' as const),
        })),
      },
    };
    const lines = watchTable(
      { ...many, notes: [note('B30')] },
      { nowMs: msAt(90), width: 80, height: 15 },
    ).map(textOf);
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines[3]).toMatch(/^B30 +working/);
    expect(lines.join('\n')).toMatch(/and 3\d more/);
  });
});

describe('a wave as lines', () => {
  it('says first where everybody stands, then what is new, and each minute who is still at work', () => {
    const running = watched({ A1: 'running' }, [note('A1')]);
    const first = watchNews(running, { nowMs: msAt(60), told: null });
    expect(first.lines).toHaveLength(1 + running.state.units.length);
    expect(first.lines[1]).toBe('A1: working, 1 min, 14 turns, 123k tokens, $1.20; edits src/units.ts');
    expect(watchNews(running, { nowMs: msAt(100), told: first.told }).lines).toEqual([]);
    const minute = watchNews(running, { nowMs: msAt(120), told: first.told });
    expect(minute.lines).toEqual(['A1: working, 2 min, 14 turns, 123k tokens, $1.20; edits src/units.ts']);
    expect(watchNews(running, { nowMs: msAt(121), told: minute.told }).lines).toEqual([]);
    const failed = watchNews(watched({ A1: 'failed' }), { nowMs: msAt(122), told: minute.told });
    expect(failed.lines).toEqual(['A1: not proven']);
  });

  it('tells the last words of a task that failed how far the others are', () => {
    const lines = ranLines(
      watched({ A1: 'running', A2: 'failed' }, [note('A1')], { used: { A2: { usage, runningMs: 4_000 } } }),
      msAt(60),
    );
    expect(lines).toEqual([
      'A1: working, 1 min, 14 turns, 123k tokens, $1.20; edits src/units.ts',
      'A2: not proven, 4 s, 123k tokens, $1.20',
    ]);
  });

  it('ends with the next command and the outcome', () => {
    expect(watchEnd(watched({}), { isDrawn: true })).toEqual(['outcome: open (A1: handoff-missing)']);
    expect(watchEnd(watched({}), { isDrawn: false })).toEqual([
      'next: nx run wave-3:launch',
      'outcome: open (A1: handoff-missing)',
    ]);
  });

  it('keeps each agent on one line', () => {
    const last = { text: 'a\nb\u001b[2Jc', at: at(1) };
    const lines = watchRows(watched({ A1: 'running' }, [note('A1', { last })]), msAt(1)).map(rowWords);
    expect(lines[0]).toMatch(/; a bc$/);
  });
});

describe('a note of a running attempt', () => {
  it('is read as it was written, and what is no note is none', () => {
    expect(parseLiveNote(JSON.stringify(note('A1')))).toEqual(note('A1'));
    for (const text of [null, '', '{', '[]', JSON.stringify({ ...note('A1'), schemaVersion: 2 })])
      expect(parseLiveNote(text)).toBeNull();
  });
});
