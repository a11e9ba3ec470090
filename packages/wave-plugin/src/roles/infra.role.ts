import { type RoleRule } from '../core/model';
import { isSpecialist } from './specialist';

/** Checks and changes infrastructure; answers like an implementer. */
export const infraRole: RoleRule = {
  id: 'infra',
  envelopeRole: 'implementation',
  stage: 'implementation',
  matches: (agent) => isSpecialist(agent, 'infra'),
  traits: { seesDeployEnvironments: true },
  implementationOwning: () => true,
};
