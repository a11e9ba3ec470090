import { type RoleRule } from '../core/model';

/** Runs the declared eval targets. An evaluator that owns more than its report also implements. */
export const contEvalRole: RoleRule = {
  id: 'cont-eval',
  envelopeRole: 'cont-eval',
  stage: 'cont-eval',
  matches: (agent, names) => agent.agentId === names.contEvalAgentId,
  implementationOwning: (agent) => !agent.ownedPaths.every(isEvalReport),
};

/** A text or markdown file whose path speaks of an evaluation or a review. */
export function isEvalReport(path: string): boolean {
  return /\.(md|txt)$/i.test(path) && /eval|reviews?(?=[/._-])/i.test(path);
}
