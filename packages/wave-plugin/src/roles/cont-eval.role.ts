import { type RoleRule } from '../core/model';
import { isText } from './is-text';

/** Runs the declared eval targets. An evaluator that owns more than its report also implements. */
export const contEvalRole: RoleRule = {
  id: 'cont-eval',
  envelopeRole: 'cont-eval',
  stage: 'cont-eval',
  matches: (agent, names) => agent.agentId === names.agentIds['cont-eval'],
  traits: { seesEvalTargets: true },
  agentId: 'E0',
  closes: true,
  report: { what: 'an evaluation report', isReport: isText },
  implementationOwning: (agent) => !agent.ownedPaths.every(isEvalReport),
};

/** A text or markdown file whose path speaks of an evaluation or a review. */
export function isEvalReport(path: string): boolean {
  return isText(path) && /eval|reviews?(?=[/._-])/i.test(path);
}
