import { type RoleRule } from '../core/model';
import { isSpecialist } from './specialist';

/** Finds things out and writes them down; answers like an implementer. */
export const researchRole: RoleRule = {
  id: 'research',
  envelopeRole: 'implementation',
  stage: 'implementation',
  matches: (agent) => isSpecialist(agent, 'research'),
  implementationOwning: () => true,
};
