import { type RoleRule } from '../core/model';
import { isSpecialist } from './specialist';

/** Rolls out and watches health; answers with a deploy envelope. */
export const deployRole: RoleRule = {
  id: 'deploy',
  envelopeRole: 'deploy',
  stage: 'implementation',
  matches: (agent) => isSpecialist(agent, 'deploy'),
  traits: { seesDeployEnvironments: true, rollsOut: true },
  implementationOwning: () => true,
};
