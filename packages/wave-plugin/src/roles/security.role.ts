import { type RoleRule } from '../core/model';
import { importsPrompt } from './imports-prompt';
import { isText } from './is-text';

/** Reviews the merged implementation before integration. A title alone never makes a security agent. */
export const securityRole: RoleRule = {
  id: 'security',
  envelopeRole: 'security',
  stage: 'security',
  matches: (agent, names) =>
    importsPrompt(agent, 'security', names) || agent.capabilities.includes('security-review'),
  closes: true,
  report: { what: 'a security report', isReport: (path) => isText(path) && /security/i.test(path) },
  implementationOwning: () => false,
};
