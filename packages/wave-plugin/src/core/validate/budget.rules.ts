import { quote } from '../parse/diagnostics';
import { type ValidationRule } from './facts';

/**
 * A program that tells nothing of what it used counts as the cap of its agent. Without one nobody knows what is left of the
 * budget of the wave, and no other agent starts: that is said before the first one is paid.
 */
export const agentsHaveCaps: ValidationRule = ({ definition, executors, locator, resolved, wave }) => {
  const { budget } = wave.settings;
  const capped = (['tokens', 'usd'] as const).filter((unit) => budget[unit] !== null);
  const isFree = (id: string) => executors.some(({ executorId, free }) => executorId === id && free === true);
  return definition.agents.flatMap((agent) => {
    const { id, budget: own } = resolved(agent).executor;
    const lacking = capped.filter((unit) => (own[unit] ?? null) === null);
    if (lacking.length === 0 || isFree(id)) return [];
    const caps = lacking.map((unit) => `\`budget.${unit}\``).join(' and ');
    return [
      locator.failure(
        'budget-uncapped',
        { agent, section: '### Executor' },
        {
          severity: 'warning',
          message: `Agent ${quote(agent.agentId)} has no ${caps}, and its wave has a budget: if its program tells nothing of what it used, no other agent of the wave starts.`,
          next: `Give it ${caps} under \`### Executor\`, or in a profile.`,
        },
      ),
    ];
  });
};
