import { testAdapter } from '../testing/adapter-conformance';
import { readRecordings, replay } from '../testing/recorded-transcripts';
import { type ProgramOutcome } from './adapter';
import { adapterRegistry, findAdapter } from './registry';
import { vocabularies } from './vocabularies';

/** What an agent must declare at the least. */
const least: Record<string, Record<string, string>> = { local: { command: 'node agent.mjs' } };

for (const adapter of adapterRegistry) testAdapter(adapter, least[adapter.executorId]);

describe('the registry of executors', () => {
  it('knows every executor once, and the language knows the same ones in the same order', () => {
    const ids = adapterRegistry.map(({ executorId }) => executorId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(vocabularies.map(({ executorId }) => executorId)).toEqual(ids);
    expect(vocabularies.map(({ keys }) => keys)).toEqual(adapterRegistry.map(({ keys }) => keys));
  });
});

/** How each recorded scenario is to be understood, whichever program it was. */
const meaning: Record<string, ProgramOutcome['kind']> = {
  success: 'success',
  'rate-limit': 'rate-limit',
  quota: 'quota',
  auth: 'auth',
  overload: 'overload',
  network: 'network',
  'bad-request': 'crash',
  hang: 'crash',
};

describe('recorded runs of real programs', () => {
  const recordings = readRecordings();
  const titled = recordings.map((run) => [`${run.program} ${run.version}: ${run.scenario}`, run] as const);

  it('are there for every program that tells its own end', () => {
    const expected = adapterRegistry
      .filter(({ capabilities }) => capabilities.supportsJson)
      .flatMap(({ executorId }) => Object.keys(meaning).map((scenario) => `${executorId} ${scenario}`));
    expect(recordings.map(({ program, scenario }) => `${program} ${scenario}`).sort()).toEqual(
      expected.sort(),
    );
  });

  it.each(titled)('%s is understood', (_title, run) => {
    const adapter = findAdapter(run.program, adapterRegistry);
    if (adapter === null) throw new Error(`no adapter ${run.program}`);
    const { reader } = replay(adapter, run);
    expect(reader.outcome(run.exit)).toMatchObject({ kind: meaning[run.scenario] });
  });

  it.each(titled.filter(([, run]) => run.scenario === 'success'))(
    '%s gives progress, usage and a session',
    (_title, run) => {
      const adapter = findAdapter(run.program, adapterRegistry);
      if (adapter === null) throw new Error(`no adapter ${run.program}`);
      const { reader, shown } = replay(adapter, run);
      expect(shown).toContainEqual({ kind: 'say', text: 'Writing the file.' });
      expect(
        shown.some(({ kind, text }) => (kind === 'edit' || kind === 'run') && text.includes('src/new.txt')),
      ).toBe(true);
      expect(reader.usage()).toMatchObject({ inputTokens: expect.any(Number), estimated: false });
      expect(reader.usage()?.outputTokens).toBe(150);
      expect(reader.sessionId()).toMatch(/0001$/);
      expect(reader.finished?.()).toBe(true);
    },
  );

  it('hold no path, address or identity of the machine that made them', () => {
    const everything = JSON.stringify(recordings);
    expect(everything).not.toMatch(/\/(home|root|Users|tmp|work)\//);
    expect(everything).not.toMatch(/127\.0\.0\.1:(?!4000)\d/);
    expect(everything).not.toMatch(/dummy-\w+-login/);
  });
});
