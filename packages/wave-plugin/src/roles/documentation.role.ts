import { type RoleRule } from '../core/model';

/** Owns the shared plan documents and the component matrix. */
export const documentationRole: RoleRule = {
  id: 'documentation',
  envelopeRole: 'documentation',
  stage: 'documentation',
  matches: (agent, names) => agent.agentId === names.agentIds['documentation'],
  agentId: 'A9',
  closes: true,
  oneFromWave: 'requireDocumentationStewardFromWave',
  ownsSharedPlan: true,
  implementationOwning: () => false,
};
