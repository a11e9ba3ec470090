import type { EnvelopeRole, Promotion } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../core/model';
import { buildAgent, buildExecutor } from './resolved';

/** An implementation agent that owns a folder of its own. */
export function implementer(unitId: string, overrides: Partial<ResolvedAgent> = {}): ResolvedAgent {
  return buildAgent({
    unitId,
    agentId: unitId,
    target: `agent-${unitId.toLowerCase()}`,
    ownedPaths: [`src/${unitId.toLowerCase()}/`],
    executor: buildExecutor('local', {}, { retryPolicy: 'fallback-allowed' }),
    ...overrides,
  });
}

const stewardIds = {
  'cont-eval': 'E0',
  security: 'A7',
  integration: 'A8',
  documentation: 'A9',
  'cont-qa': 'A0',
  design: 'D1',
} as const;

const reports = {
  'cont-eval': 'docs/reviews/wave-3-cont-eval.md',
  security: 'docs/security/wave-3-security.md',
  integration: '.tmp/main-wave-launcher/integration/wave-3.md',
  documentation: 'docs/plans/current-state.md',
  'cont-qa': 'docs/reviews/wave-3-cont-qa.md',
  design: 'docs/design/wave-3.md',
} as const;

/** A closure steward or a designer with its conventional id and its report. */
export function steward(
  role: keyof typeof stewardIds,
  overrides: Partial<ResolvedAgent> = {},
): ResolvedAgent {
  const id = stewardIds[role];
  return buildAgent({
    unitId: id,
    agentId: id,
    target: `agent-${id.toLowerCase()}`,
    role,
    envelopeRole: role satisfies EnvelopeRole,
    stage: role,
    implementationOwning: false,
    ownedPaths: [reports[role]],
    ...overrides,
  });
}

/** A component at a level, as a promotion or as an agent's share of it. */
export function component(componentId: string, targetLevel = 'baseline-proved'): Promotion {
  return { componentId, targetLevel };
}
