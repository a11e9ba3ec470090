import type { ResolvedAgent } from '../core/model';
import {
  handoffOf,
  namedOwners,
  unitsAnswering,
  type CodeOf,
  type Gate,
  type GateFinding,
  type StageEvidence,
} from './gate';
import { readSection } from './sections';
import { isHeldToEvidence, lackOf } from './steward-evidence';

const codes = {
  'missing-wave-integration': 'The integration steward left no integration state.',
  'integration-needs-more-work': 'The integration steward says that more work is needed.',
  'integration-tree-broken':
    'The integration steward says ready, and on the merged tree a changed source leads nowhere.',
  'integration-nothing-changed':
    'The integration steward says ready of a wave in which nobody changed anything.',
} as const;
type Code = CodeOf<typeof codes>;

/** The integration steward says ready, and the merged tree does not speak against it. */
export const integrationGate: Gate<Code> = {
  id: 'integration',
  codes,
  formerName: 'integrationBarrier',
  stages: ['integration'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsAnswering(evidence, 'integration').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const state = readSection(handoff, 'integration')?.integrationState;
      if (!state) {
        const detail = `${agent.unitId} left no integration state.`;
        return [{ code: 'missing-wave-integration', detail, agentIds, repair: 'rerun' }];
      }
      if (state.state === 'ready-for-doc-closure') return readyUnfounded(evidence, agent);
      const detail =
        `${agent.unitId} says needs-more-work (${state.claims} claims, ${state.conflicts} conflicts, ` +
        `${state.blockers} blockers).`;
      return [
        {
          code: 'integration-needs-more-work',
          detail,
          agentIds,
          owners: namedOwners(state),
          repair: 'owners',
        },
      ];
    });
  },
};

/** What speaks against "ready". */
function readyUnfounded(evidence: StageEvidence, agent: ResolvedAgent): GateFinding<Code>[] {
  const { work, wave } = evidence;
  if (work === undefined || !isHeldToEvidence(wave, agent)) return [];
  const agentIds = [agent.unitId];
  const found = lackOf(evidence, agent, null);
  if (found !== null) {
    const detail = `${agent.unitId} ${found.says}.`;
    return [{ code: 'integration-nothing-changed', detail, agentIds, repair: 'human' }];
  }
  const { broken, changed } = work;
  if (broken.length === 0) return [];
  const told = broken.slice(0, 5).map(({ path, line, what }) => `${path}:${line} ${what}`);
  const more = broken.length > told.length ? ` (and ${broken.length - told.length} more)` : '';
  const owners = Object.entries(changed)
    .filter(([, paths]) => broken.some(({ path }) => paths.includes(path)))
    .map(([unitId]) => unitId);
  return [
    {
      code: 'integration-tree-broken',
      detail: `${agent.unitId} says ready, and on the merged tree ${told.join('; ')}${more}.`,
      agentIds,
      paths: [...new Set(broken.map(({ path }) => path))].sort(),
      owners: owners.sort(),
      repair: 'owners',
    },
  ];
}
