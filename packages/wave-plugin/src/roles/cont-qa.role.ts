import { type RoleRule } from '../core/model';

/** The last steward: judges the whole wave in a report of its own. */
export const contQaRole: RoleRule = {
  id: 'cont-qa',
  envelopeRole: 'cont-qa',
  stage: 'cont-qa',
  matches: (agent, names) => agent.agentId === names.contQaAgentId,
  implementationOwning: () => false,
};
