import { stages } from '@nx-wave/schemas/plain';
import fc from 'fast-check';
import { judgementOf } from '../core/result/judgement';
import type { Gate, StageEvidence } from '../gates/gate';
import { declares } from '../gates/waivable';
import { arbitraryPayload } from './arbitrary-payloads';
import { buildEnvelope } from './envelopes';

/** What every gate is held to, whatever it judges. `healthy` is evidence of one whole wave, stage by stage. */
export function testGate(gate: Gate, healthy: readonly StageEvidence[]): void {
  const own = healthy.filter(({ stage }) => gate.stages.includes(stage));

  describe(`the ${gate.id} gate`, () => {
    it('has an id of its own kind and speaks in known stages', () => {
      expect(gate.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(gate.stages.length).toBeGreaterThan(0);
      expect(stages).toEqual(expect.arrayContaining([...gate.stages]));
    });

    it('declares every code that it gives, each with one sentence', () => {
      expect(Object.keys(gate.codes).length).toBeGreaterThan(0);
      for (const [code, sentence] of Object.entries(gate.codes)) {
        expect(code).toMatch(/^[a-z]+(-[a-z]+)*(-<[a-z]+>)?$/);
        expect(sentence).toMatch(/^[A-Z].*\.$/);
      }
    });

    it('says nothing about a stage that is well', () => {
      for (const evidence of own) expect(gate.judge(evidence)).toEqual([]);
    });

    it('judges the same in any order of the evidence, twice, and changes nothing', () => {
      for (const evidence of own) {
        const spoilt = { ...evidence, handoffs: evidence.handoffs.map(spoil) };
        const before = JSON.stringify(spoilt);
        const first = gate.judge(deepFreeze(structuredClone(spoilt)));
        const reversed = { ...spoilt, handoffs: [...spoilt.handoffs].reverse() };
        expect(gate.judge(spoilt)).toEqual(first);
        for (const { code } of first) expect([code, declares(gate.codes, code)]).toEqual([code, true]);
        expect(gate.judge(reversed)).toEqual(first);
        expect(JSON.stringify(spoilt)).toBe(before);
      }
    });

    it('judges every valid judgement, and says only what a person can use', () => {
      for (const evidence of own) {
        const units = evidence.wave.agents.map(({ unitId }) => unitId);
        const judgements = evidence.handoffs.map((handoff) =>
          arbitraryPayload(handoff.envelopeRole).map((payload) => ({
            ...handoff,
            judgement: judgementOf(buildEnvelope(handoff.envelopeRole, { [handoff.envelopeRole]: payload })),
          })),
        );
        fc.assert(
          fc.property(fc.tuple(...judgements), (handoffs) => {
            for (const finding of gate.judge({ ...evidence, handoffs })) {
              expect([finding.code, declares(gate.codes, finding.code)]).toEqual([finding.code, true]);
              expect(finding.detail).toMatch(/\.$/);
              expect(finding.detail).not.toMatch(/undefined|\[object/);
              expect(units).toEqual(expect.arrayContaining(finding.agentIds));
            }
          }),
          { numRuns: 60 },
        );
      }
    });
  });
}

function spoil<T extends StageEvidence['handoffs'][number]>(handoff: T): T {
  return { ...handoff, judgement: {} };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
