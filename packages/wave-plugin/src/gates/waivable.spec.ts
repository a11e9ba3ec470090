import { gates, type GateCode } from './registry';
import { declares, readWaivedCode } from './waivable';

const command = 'nx run wave-1:decide';
const waived = (code: string) => {
  const read = readWaivedCode(code, command);
  return read.ok ? read.value : `${read.error.code}: ${read.error.message} ${read.error.next ?? ''}`;
};

describe('the code that a waiver names', () => {
  it.each<GateCode>([
    'cont-qa-blocked',
    'gate-live-concerns',
    'infra-drifted',
    'human-feedback-open',
    'deploy-failed',
  ])('is taken where a gate gives it: %s', (code) => {
    expect(waived(code)).toBe(code);
  });

  it('is taken where the judgement of a slice gives it', () => {
    expect(waived('secret-in-slice')).toBe('secret-in-slice');
    expect(waived('secret-in-slic')).toContain('the nearest is secret-in-slice');
  });

  it('is refused where no gate gives it, with the nearest one and the place of the list', () => {
    expect(waived('cont-qa-bloked')).toBe(
      'option-invalid: --waive cont-qa-bloked: nothing that can be waived has that code; the nearest is cont-qa-blocked. ' +
        'Every code stands in docs/reference/generated/gate-codes.md of nx-wave. ' +
        'nx run wave-1:decide --waive cont-qa-blocked',
    );
  });

  it.each(['', 'infra-', 'infra-<state>', 'toString', 'agent-timeout', 'x'.repeat(10_000)])(
    'is refused where nothing is near it: %#',
    (code) => {
      expect(waived(code)).toMatch(
        /^option-invalid: .* nothing that can be waived has that code\. Every code stands in/,
      );
      expect(waived(code)).toMatch(/nx run wave-1:status$/);
    },
  );

  it.each(['handoff-missing', 'merge-red', 'dependency-open'])(
    'is refused where its gate cannot be waived: %s',
    (code) => {
      expect(waived(code)).toMatch(/cannot be waived, because .* nx run wave-1:status$/);
    },
  );

  it('is refused with the gates that give it, and for programs with what was written', () => {
    expect(waived('handoff-missing')).toContain('the handoffs gate cannot be waived');
    const facts = (code: string) => {
      const read = readWaivedCode(code, command);
      return read.ok ? undefined : read.error.facts;
    };
    expect(facts('cont-qa-bloked')).toEqual({ written: 'cont-qa-bloked', nearest: 'cont-qa-blocked' });
    expect(facts('')).toEqual({ written: '', nearest: null });
  });

  it('is not near one that cannot be waived', () => {
    expect(waived('handoff-missin')).toMatch(/has that code\. Every code stands in/);
  });

  it.each(['handoff-missing', 'nothing-like-it'])(
    'is refused with the status of the wave, whatever the wave is called: %s',
    (code) => {
      const read = readWaivedCode(code, 'nx run wave:decide-1:decide');
      expect(read).toMatchObject({ ok: false, error: { next: 'nx run wave:decide-1:status' } });
    },
  );

  it('is known for every code that a gate declares', () => {
    for (const { codes } of gates)
      for (const code of Object.keys(codes)) expect(declares(codes, code.replace(/<.*>/, 'any'))).toBe(true);
  });
});
