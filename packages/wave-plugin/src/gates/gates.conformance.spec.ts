import { stages } from '@nx-wave/schemas/plain';
import { testGate } from '../testing/gate-conformance';
import { buildWave } from '../testing/resolved';
import { buildEvidence, buildVerdict } from '../testing/stage-evidence';
import { component, implementer, steward } from '../testing/stewards';
import { gates } from './registry';

const wave = {
  ...buildWave([
    steward('design'),
    implementer('A1', { components: [component('order-intake')] }),
    implementer('A2', { components: [component('order-intake')], role: 'infra' }),
    implementer('A3', { role: 'deploy', envelopeRole: 'deploy' }),
    steward('cont-eval'),
    steward('security'),
    steward('integration'),
    steward('documentation'),
    steward('cont-qa'),
  ]),
  promotions: [component('order-intake')],
  evalTargets: [
    {
      id: 'latency',
      selection: 'pinned' as const,
      benchmarkFamily: null,
      benchmarks: ['p99'],
      objective: 'fast',
      threshold: '40 ms',
    },
  ],
};

const matrix = {
  levels: ['repo-landed', 'baseline-proved', 'pilot-live'],
  components: { 'order-intake': { currentLevel: 'pilot-live' } },
};

/** Every stage of the wave, each on the passed verdict of the one before. */
const healthy = stages.map((stage, position) => {
  const before = stages.slice(0, position).map((earlier) => buildEvidence(wave, earlier).handoffs);
  const previous = stages[position - 1];
  const upstream = previous === undefined ? null : buildVerdict(previous, before.flat());
  return buildEvidence(wave, stage, { upstream, matrix });
});

describe('the registry', () => {
  it('knows every gate once', () => {
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length);
  });
});

for (const gate of gates) testGate(gate, healthy);
