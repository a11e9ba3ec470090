import { type RoleRule } from '../core/model';

/** Reconciles the slices after implementation and names the owners of what does not fit. */
export const integrationRole: RoleRule = {
  id: 'integration',
  envelopeRole: 'integration',
  stage: 'integration',
  matches: (agent, names) => agent.agentId === names.agentIds['integration'],
  agentId: 'A8',
  closes: true,
  oneFromWave: 'requireIntegrationStewardFromWave',
  implementationOwning: () => false,
};
