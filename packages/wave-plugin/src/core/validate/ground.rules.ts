import { quote } from '../parse/diagnostics';
import { type ValidationRule } from './facts';
import { ignoredDeliverable } from './ground';

/** What agents promise and own can become part of a slice. */
export const promisedFilesAreSeen: ValidationRule = ({ definition, ground, locator, resolved, wave }) =>
  definition.agents.flatMap((agent) => {
    const { deliverables, ownedPaths } = resolved(agent);
    const hiddenOf = (path: string) => ground?.ignored.get(path);
    const promised = deliverables.flatMap((path) => {
      const hidden = hiddenOf(path);
      const blame = { agent, section: '### Deliverables', needle: path };
      return hidden === undefined
        ? []
        : [locator.failure('deliverable-ignored', blame, ignoredDeliverable(path, hidden, wave))];
    });
    const owned = ownedPaths.flatMap((path) => {
      const hidden = deliverables.includes(path) ? undefined : hiddenOf(path);
      if (hidden === undefined) return [];
      const message = `${quote(path)} is ignored by git: line ${hidden.line} of ${hidden.file}, ${quote(hidden.pattern)}. What agent ${quote(agent.agentId)} writes there becomes part of no slice.`;
      const next = 'Remove that line where the files should land.';
      return [
        locator.failure('owned-ignored', { agent, owned: path }, { message, next, severity: 'warning' }),
      ];
    });
    return [...promised, ...owned];
  });
