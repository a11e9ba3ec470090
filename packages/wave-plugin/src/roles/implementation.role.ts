import { type RoleRule } from '../core/model';

/** Everyone else. */
export const implementationRole: RoleRule = {
  id: 'implementation',
  envelopeRole: 'implementation',
  stage: 'implementation',
  matches: () => true,
  implementationOwning: () => true,
};
