import type { GateReason } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import type { Session } from '../session/session';
import type { AgentInputs } from './agent-inputs';

/** The advisory of work that is kept although landings have moved what its agent was told to read. */
export function contextMoved(session: Session, agent: ResolvedAgent, inputs: AgentInputs): Failure {
  const { project } = session.wave.identity;
  return failure(
    'context-moved',
    `Landings or adopted slices have changed ${inputs.moved.join(', ')} since the work of ${agent.unitId} was done; it is kept, and nobody is paid.`,
    {
      severity: 'warning',
      place: { wave: project, agentId: agent.unitId },
      next: `nx run ${project}:retry --agent ${agent.unitId} --apply, if its work must follow`,
    },
  );
}

/** The same for the status of the wave. */
export function movedAdvisory(session: Session, agent: ResolvedAgent, inputs: AgentInputs): GateReason {
  return {
    gate: 'context',
    code: 'context-moved',
    detail: contextMoved(session, agent, inputs).message,
    agentIds: [agent.unitId],
    paths: inputs.moved,
    command: `nx run ${session.wave.identity.project}:retry --agent ${agent.unitId} --apply`,
  };
}
