// Tests core/infer/gate-inputs.ts and core/infer/targets.ts.
import { implementer, steward } from '../../testing/stewards';
import { buildWave } from '../../testing/resolved';
import { inferTargets } from './targets';

/** Targets of a wave with these settings, by name. */
function targetsOf(env: string[], home: 'private' | 'user' = 'private') {
  const { proof } = buildWave([]).settings;
  const wave = buildWave([implementer('A1'), steward('cont-qa')], { proof: { ...proof, home, env } });
  const { targets } = inferTargets(wave, {
    root: 'docs',
    targetPrefix: '',
    ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
    shadowed: [],
    ultracache: false,
  });
  return targets;
}

describe('the Nx inputs of what proves a merged tree', () => {
  it('hold the variables that proof commands take from the person, and agents do not', () => {
    const targets = targetsOf(['DATABASE_URL', 'MODE=test', 'DATABASE_URL']);
    const variables = { env: 'DATABASE_URL' };
    for (const name of ['gate-implementation', 'prove']) {
      const inputs = targets[name]?.inputs ?? [];
      expect(inputs.filter((input) => typeof input === 'object' && 'env' in input)).toEqual([variables]);
    }
    for (const name of ['agent-a1', 'gate-cont-qa', 'launch'])
      expect(targets[name]?.inputs).not.toContainEqual(variables);
  });

  it('change with the home of proof commands, and those of agents stay', () => {
    const [own, users] = [targetsOf([]), targetsOf([], 'user')];
    expect(own['gate-implementation']?.inputs).not.toEqual(users['gate-implementation']?.inputs);
    expect(own['agent-a1']?.inputs).toEqual(users['agent-a1']?.inputs);
  });
});
