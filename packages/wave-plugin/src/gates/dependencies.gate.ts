import { stages } from '@nx-wave/schemas/plain';
import type { CodeOf, Gate } from './gate';

const codes = {
  'dependency-open': 'A wave that this one builds on is not closed.',
} as const;
type Code = CodeOf<typeof codes>;

/** Every wave that this one builds on, of whatever lane, is closed or has landed. The first stage waits for it. */
export const dependenciesGate: Gate<Code> = {
  id: 'dependencies',
  codes,
  formerName: 'dependencyBarrier',
  stages,
  mayBeAdvisory: false,
  judge({ upstream, openDependencies }) {
    if (upstream !== null) return [];
    return openDependencies.map(({ project, detail }) => ({
      code: 'dependency-open',
      detail,
      agentIds: [],
      command: `nx run ${project}:launch`,
      repair: 'wait' as const,
    }));
  },
};
