import { buildAgent, buildStrength, buildWave } from '../../testing/resolved';
import { createLocator } from '../resolve/locate';
import { missingHeldOut, type HeldOutGround } from './held-out-ground';
import { missingPrograms, proofPrograms } from './programs';

const heldOut = [{ command: 'secret-tool checks/a.mjs', files: ['checks/a.mjs', 'checks/data/'] }];
const wave = buildWave([
  buildAgent({ agentId: 'A1', unitId: 'A1', proofStrength: buildStrength({ heldOut }) }),
]);
const text =
  '## Agent A1: x\n\n### Proof strength\n\n- held-out: secret-tool checks/a.mjs | files: checks/a.mjs\n';
const locator = createLocator('waves/wave-1.md', 'wave-1', text);
const whole: HeldOutGround = { seen: true, ignored: [] };

describe('the ground of a held-out command', () => {
  it.each<[string, HeldOutGround | undefined, [string, string][]]>([
    ['is whole', whole, []],
    ['is not known', undefined, []],
    ['is ignored', { seen: false, ignored: ['checks/a.mjs'] }, [['error', 'is ignored by git']]],
    ['is not there', { seen: false, ignored: [] }, [['warning', 'is not in your tree']]],
    ['has ignored files', { seen: true, ignored: ['checks/a.tmp'] }, [['warning', '`checks/a.tmp`']]],
  ])('%s', (_what, ground, expected) => {
    const grounds = new Map(ground === undefined ? [] : [['checks/a.mjs', ground]]);
    const found = missingHeldOut(wave, { grounds, locator });
    expect(found.map(({ code, severity }) => [code, severity])).toEqual(
      expected.map(([severity]) => ['held-out-missing', severity]),
    );
    expected.forEach(([, words], at) => expect(found[at]?.message).toContain(words));
  });

  it('needs its program as every proof command does, and its line is not told', () => {
    expect(proofPrograms(wave)).toEqual(['secret-tool']);
    const missing = new Map([['secret-tool', '`secret-tool` is not on the PATH']]);
    const found = missingPrograms(wave, { missing, locator, config: null });
    expect(found).toMatchObject([{ code: 'proof-program-missing', severity: 'error' }]);
    expect(found[0]?.message).toMatch(/^The command held-out 1 of A1, which agents never see, cannot run: /);
    expect(JSON.stringify(found)).not.toContain('checks/a.mjs');
  });
});
