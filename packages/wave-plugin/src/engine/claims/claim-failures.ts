import type { Amounts, ClaimHolder } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { count } from '../../core/count';
import type { Refusal } from '../../core/shared-store/claim';
import type { ClaimAsk } from './contracts';

type Whose = Pick<ClaimAsk, 'project' | 'unitId'>;

/** `beta-wave-3` is a wave of `beta-waves`. */
const laneProjectOf = (project: string) => project.replace(/wave-\d+$/, 'waves');

const placeOf = ({ project, unitId }: Whose) => ({ wave: project, agentId: unitId });

/** Where a holder is, for people. */
export function describeHolder(holder: ClaimHolder | null): string {
  return holder === null ? 'another machine' : `process ${holder.pid} on ${holder.host}`;
}

export function claimHeld(
  whose: Whose & Pick<ClaimAsk, 'workKey'>,
  holder: ClaimHolder | null,
  minutes: number,
): Failure {
  return failure(
    'claim-held',
    `${describeHolder(holder)} has held the claim of agent ${whose.unitId} for ${count(minutes, 'minute')}, and still renews it.`,
    {
      place: placeOf(whose),
      next: `Launch again later, or end that process. Where it hangs for good: nx run ${laneProjectOf(whose.project)}:break-claim --key ${whose.workKey} --by "<who decides>" --reason "<why>"`,
      facts: { workKey: whose.workKey },
    },
  );
}

export function claimLost(whose: Whose, how: { to: ClaimHolder | null } | 'silent'): Failure {
  const why =
    how === 'silent'
      ? 'could not be renewed in time, so another machine may have it'
      : how.to === null
        ? 'is not held by this machine any more'
        : `went to ${describeHolder(how.to)}`;
  return failure(
    'claim-lost',
    `The claim of agent ${whose.unitId} ${why}; its work is kept and not published.`,
    {
      place: placeOf(whose),
      next: `nx run ${whose.project}:launch`,
    },
  );
}

export function refusalFailure(whose: Whose, refusal: Refusal): Failure {
  const { project, unitId } = whose;
  if (refusal.why === 'failed-in-run')
    return failure(
      'failed-in-run',
      `Agent ${unitId} has failed in this run already (${refusal.failure.code}): ${refusal.failure.message}`,
      {
        place: placeOf(whose),
        next: `nx run ${project}:retry --agent ${unitId} --apply`,
        facts: { code: refusal.failure.code },
      },
    );
  return failure(
    'attempt-cap-reached',
    `Agent ${unitId} has failed ${count(refusal.failed, 'time')} for the same inputs, on all machines together.`,
    {
      place: placeOf(whose),
      next: `Change what it is asked, raise limits.attempts in wave.config.json, or: nx run ${project}:retry --agent ${unitId} --apply`,
      facts: { attempts: refusal.failed },
    },
  );
}

export function budgetSpent(
  whose: Whose,
  { dimension, left, wanted }: { dimension: keyof Amounts; left: number; wanted: number },
): Failure {
  return failure(
    'budget-spent',
    `${amount(dimension, left)} of the budget of ${whose.project} is left over all machines, and agent ${whose.unitId} would take ${amount(dimension, wanted)}.`,
    {
      place: placeOf(whose),
      next: 'Raise budget of the wave in wave.config.json, or give the agent a smaller budget of its own.',
      facts: { left, wanted },
    },
  );
}

function amount(dimension: keyof Amounts, value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return dimension === 'usd' ? `$${rounded}` : `${rounded} ${dimension === 'tokens' ? 'tokens' : 'min'}`;
}

export function admissionWaited(whose: Whose, minutes: number): Failure {
  return failure(
    'admission-waited',
    `Agent ${whose.unitId} has waited ${count(minutes, 'minute')} for a place or a part of the budget of ${whose.project} that other machines have.`,
    { place: placeOf(whose), next: `nx run ${whose.project}:launch` },
  );
}

export function waitCancelled(whose: Whose): Failure {
  return failure(
    'agent-cancelled',
    `Agent ${whose.unitId} was cancelled while it waited for the shared store.`,
    {
      place: placeOf(whose),
      next: `nx run ${whose.project}:launch`,
    },
  );
}
