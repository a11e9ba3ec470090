// Stands for `registry.ts` and `gate.ts`: what a gate takes besides its own file.
import { testGate } from '../testing/gate-conformance';
import { buildWave } from '../testing/resolved';
import { buildEvidence } from '../testing/stage-evidence';
import { implementer } from '../testing/stewards';
import type { CodeOf, Gate } from './gate';
import { gates, judgeGates, reportPathsOf } from './registry';
import { readWaivedCode } from './waivable';

const codes = {
  'toy-missing': 'An agent with toys left no toy.',
  'toy-<colour>': 'A toy has a colour that nobody wants, which the code ends in.',
} as const;
type Code = CodeOf<typeof codes>;

/** A gate that nobody has heard of, in one object: all that a new one takes besides its line in the registry. */
const toyGate: Gate<Code> = {
  id: 'toy',
  codes,
  stages: ['implementation'],
  mayBeAdvisory: true,
  reportPath: (agent) => (agent.capabilities.includes('toys') ? `toys/${agent.unitId}.txt` : null),
  judge(evidence) {
    return evidence.wave.agents
      .filter(({ capabilities }) => capabilities.includes('toys'))
      .filter(({ unitId }) => evidence.reports?.[`toys/${unitId}.txt`] === false)
      .map(({ unitId }) => ({
        code: 'toy-missing',
        detail: `${unitId} left no toy.`,
        agentIds: [unitId],
        repair: 'rerun',
      }));
  },
};

const all: readonly Gate[] = [...gates, toyGate];
const wave = buildWave([implementer('A1', { capabilities: ['toys'] }), implementer('A2')]);
const command = 'nx run wave-3:decide';

testGate(toyGate, [buildEvidence(wave, 'implementation')]);

describe('a gate that is only a file and a line in the registry', () => {
  const evidence = buildEvidence(wave, 'implementation', { reports: { 'toys/A1.txt': false } });

  it('asks for its reports, and stops its stage', () => {
    expect(reportPathsOf(wave, 'implementation', all)).toEqual(['toys/A1.txt']);
    expect(judgeGates(evidence, all).reasons).toMatchObject([
      { gate: 'toy', code: 'toy-missing', agentIds: ['A1'], repair: 'rerun' },
    ]);
  });

  it('is advisory where the configuration says so', () => {
    const lenient = { ...wave, settings: { ...wave.settings, advisoryGates: ['toy'] } };
    const found = judgeGates({ ...evidence, wave: lenient }, all);
    expect([found.reasons, found.advisories.map(({ code }) => code)]).toEqual([[], ['toy-missing']]);
  });

  it.each(['toy-missing', 'toy-brown'])('has codes that can be waived: %s', (code) => {
    expect(readWaivedCode(code, command, all)).toEqual({ ok: true, value: code });
    expect(readWaivedCode(code, command).ok).toBe(false);
  });
});
