import { type RoleRule } from '../core/model';
import { importsPrompt } from './imports-prompt';
import { isText } from './is-text';

/**
 * Decides before anybody implements. An agent that owns only design documents ends there; one that owns more is a
 * hybrid: it runs again in the implementation stage.
 */
export const designRole: RoleRule = {
  id: 'design',
  envelopeRole: 'design',
  stage: 'design',
  matches: (agent, names) => importsPrompt(agent, 'design', names) || agent.capabilities.includes('design'),
  report: {
    what: 'a design packet',
    isReport: (path) => isText(path) && /design|handoff|decision-lineage/i.test(path),
  },
  implementationOwning: (agent) => !agent.ownedPaths.every(isDesignReport),
  firstPass: { suffix: 'design', owns: isDesignReport },
};

/** A text or markdown file with a path segment that speaks of design, a handoff or a decision lineage. */
export function isDesignReport(path: string): boolean {
  return isText(path) && path.split('/').some((segment) => /design|handoff|decision-lineage/i.test(segment));
}
