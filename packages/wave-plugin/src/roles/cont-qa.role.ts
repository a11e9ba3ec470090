import { type RoleRule } from '../core/model';
import { isText } from './is-text';

/** The last steward: judges the whole wave in a report of its own. */
export const contQaRole: RoleRule = {
  id: 'cont-qa',
  envelopeRole: 'cont-qa',
  stage: 'cont-qa',
  matches: (agent, names) => agent.agentId === names.agentIds['cont-qa'],
  agentId: 'A0',
  closes: true,
  required: 'cont-QA agent',
  requiredFromWave: 'requireContQaFromWave',
  report: { what: 'a review report', isReport: isText },
  implementationOwning: () => false,
};
