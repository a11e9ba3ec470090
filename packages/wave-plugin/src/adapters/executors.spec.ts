import { testAdapter } from '../testing/adapter-conformance';
import { readRecordings, replay, type RecordedRun } from '../testing/recorded-transcripts';
import { type ProgramOutcome } from './adapter';
import { adapterRegistry, findAdapter } from './registry';
import { vocabularies } from './vocabularies';

/** What an agent must declare at the least. */
const least: Record<string, Record<string, string>> = { local: { command: 'node agent.mjs' } };

/** What its program printed when all went well, once in truth. */
const goodRunOf = (executorId: string) =>
  readRecordings()
    .filter(({ program, scenario }) => program === executorId && scenario === 'success')
    .flatMap(({ lines }) => lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text));

for (const adapter of adapterRegistry)
  testAdapter(adapter, {
    options: least[adapter.executorId] ?? {},
    goodRun: goodRunOf(adapter.executorId),
  });

describe('the registry of executors', () => {
  it('knows every executor once, and the language knows the same ones in the same order', () => {
    const ids = adapterRegistry.map(({ executorId }) => executorId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(vocabularies.map(({ executorId }) => executorId)).toEqual(ids);
    expect(vocabularies.map(({ keys }) => keys)).toEqual(adapterRegistry.map(({ keys }) => keys));
  });
});

type Kind = ProgramOutcome['kind'];

/**
 * How each recorded scenario is to be understood: whichever program it was, or only in those that can come to it. What no
 * real program could be brought to stands as a made-up event in the spec of its adapter: limits of a plan, lost logins,
 * requests that were cancelled.
 */
const meaning: Record<string, Kind | Record<string, Kind>> = {
  success: 'success',
  resumed: 'success',
  // Two of them show nothing of the words with which a model declines, and end well: there the files decide.
  refused: { claude: 'refused', codex: 'success', opencode: 'success' },
  filtered: { codex: 'refused', opencode: 'refused' },
  flagged: { codex: 'refused' },
  length: 'too-long',
  'too-long': 'too-long',
  compacted: { opencode: 'success' },
  // One only asks its model to stop. Where that goes on, the runner ends the program and knows why; the stream does not.
  'turn-limit': { claude: 'turn-limit', opencode: 'crash' },
  'turn-limit-obeyed': { opencode: 'success' },
  budget: { claude: 'budget' },
  'rate-limit': 'rate-limit',
  quota: 'quota',
  auth: 'auth',
  overload: 'overload',
  network: 'network',
  'bad-request': 'crash',
  hang: 'crash',
};

const meaningFor = (scenario: string, program: string): Kind | undefined => {
  const kind = meaning[scenario];
  return typeof kind === 'string' ? kind : kind?.[program];
};

describe('recorded runs of real programs', () => {
  const recordings = readRecordings();
  const titled = recordings.map((run) => [`${run.program} ${run.version}: ${run.scenario}`, run] as const);

  const adapterOf = ({ program }: RecordedRun) => {
    const adapter = findAdapter(program, adapterRegistry);
    if (adapter === null) throw new Error(`no adapter ${program}`);
    return adapter;
  };

  it('are there for every program that tells its own end', () => {
    const expected = adapterRegistry
      .filter(({ capabilities }) => capabilities.supportsJson)
      .flatMap(({ executorId }) =>
        Object.keys(meaning)
          .filter((scenario) => meaningFor(scenario, executorId) !== undefined)
          .map((scenario) => `${executorId} ${scenario}`),
      );
    expect(recordings.map(({ program, scenario }) => `${program} ${scenario}`).sort()).toEqual(
      expected.sort(),
    );
  });

  it.each(titled)('%s is understood', (_title, run) => {
    const { reader } = replay(adapterOf(run), run);
    expect(reader.outcome(run.exit)).toMatchObject({
      kind: meaningFor(run.scenario, run.program),
    });
  });

  it.each(titled.filter(([, run]) => run.scenario === 'success'))(
    '%s gives progress, usage and a session',
    (_title, run) => {
      const { reader, shown } = replay(adapterOf(run), run);
      expect(shown).toContainEqual({ kind: 'say', text: 'Writing the file.' });
      expect(
        shown.some(({ kind, text }) => (kind === 'edit' || kind === 'run') && text.includes('src/new.txt')),
      ).toBe(true);
      expect(reader.usage()).toMatchObject({ inputTokens: expect.any(Number) });
      expect(reader.usage()?.outputTokens).toBe(150);
      expect(reader.sessionId()).toMatch(/0001$/);
      expect(reader.finished?.()).toBe(true);
    },
  );

  it.each(titled.filter(([, run]) => run.scenario === 'resumed'))(
    '%s counts what is new, not the session again',
    (_title, run) => {
      const { reader, shown } = replay(adapterOf(run), run);
      expect(run.before?.outputTokens).toBe(150);
      expect(reader.usage()?.outputTokens).toBe(100);
      expect(reader.usage()?.usd ?? 0).toBeLessThan(run.before?.usd ?? 1);
      expect(shown.some(({ text }) => text.includes('ls src'))).toBe(true);
    },
  );

  it('that end without an answer say so', () => {
    const silent = recordings.filter(
      ({ scenario, program }) => scenario === 'refused' && program !== 'claude',
    );
    expect(silent.length).toBe(2);
    for (const run of silent) {
      const { shown } = replay(adapterOf(run), run);
      expect(shown).toContainEqual({ kind: 'info', text: expect.stringContaining('without an answer') });
    }
  });

  it('count the turns where only the runner holds the limit', () => {
    const turnsOf = (scenario: string) =>
      recordings
        .filter((run) => run.scenario === scenario && run.program === 'opencode')
        .map((run) => replay(adapterOf(run), run).reader.turns?.());
    expect([turnsOf('turn-limit'), turnsOf('turn-limit-obeyed')]).toEqual([[3], [2]]);
  });

  it('tell all that was used when a cap on money ended them, and that the price was guessed', () => {
    const run = recordings.find(({ scenario }) => scenario === 'budget');
    if (run === undefined) throw new Error('no recording');
    const { reader } = replay(adapterOf(run), run);
    expect(reader.usage()).toMatchObject({ outputTokens: 200, usd: 0.02424, estimated: true });
  });

  it('are not taken for ended while the program still makes its history shorter', () => {
    const run = recordings.find(({ scenario }) => scenario === 'compacted');
    if (run === undefined) throw new Error('no recording');
    const [first = { text: '', stream: 'stdout' as const }] = run.lines;
    const reader = adapterOf(run).createStreamReader();
    expect(first.text).toContain('ContextOverflowError');
    reader.read(first.text, first.stream);
    expect(reader.finished?.()).toBe(false);
    expect(reader.outcome({ code: 1, signal: null }).kind).toBe('too-long');
  });

  it('hold no path, address or identity of the machine that made them', () => {
    const everything = JSON.stringify(recordings);
    expect(everything).not.toMatch(/\/(home|root|Users|tmp|work)\//);
    expect(everything).not.toMatch(/127\.0\.0\.1:(?!4000)\d/);
    expect(everything).not.toMatch(/dummy-\w+-login/);
  });
});
