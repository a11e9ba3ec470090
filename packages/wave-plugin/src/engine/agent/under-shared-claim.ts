import type { StartFailure } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { ClaimAsk, ClaimEnd, HeldClaim } from '../claims/contracts';
import { underClaim } from '../claims/under-claim';
import type { SharedPlace } from '../session/shared-work';
import { failed, type AgentReport, type AgentRun } from './attempt';
import { reuseProof } from './reuse-proof';

/** Ends that say nothing of the work: it goes on when what stopped it is over. */
const interruptions: ReadonlySet<string> = new Set([
  'agent-cancelled',
  'agent-interrupted',
  'claim-lost',
  'wave-budget',
  'budget-spent',
  'store-unavailable',
  'store-credentials',
  'disk-full',
  'state-unwritable',
]);

const placeOf = ({ session, agent }: AgentRun) => ({
  wave: session.wave.identity.project,
  agentId: agent.unitId,
});

function askOf({ session, agent, inputs, marker }: AgentRun): ClaimAsk {
  return {
    workKey: inputs.workKey,
    acceptanceKey: inputs.acceptanceKey,
    attempts: session.wave.settings.limits.attempts,
    // Digests of a claim name archives: which proofs are revoked is seen when they are here.
    refused: new Set(),
    token: marker,
    project: session.wave.identity.project,
    unitId: agent.unitId,
    signal: session.edges.signal,
  };
}

/**
 * A person's work under the claim of its key, whatever agents have proven or failed at: it is settled beside that, so that other
 * machines find it. Nobody is paid.
 */
export async function underClaimOfPerson(
  place: SharedPlace,
  run: AgentRun,
  work: (run: AgentRun) => Promise<AgentReport | null>,
): Promise<AgentReport | null> {
  const joined = await place.join();
  if (!joined.ok) return failed([{ ...joined.error, place: placeOf(run) }]);
  const ask = { ...askOf(run), attempts: Number.MAX_SAFE_INTEGER };
  const done = await underClaim<AgentReport | null>(joined.value.claims, ask, {
    serve: async () => ok(null),
    work: async (claim) => ({ value: await work({ ...run, claim }), end: null }),
  });
  return done.ok ? done.value : failed([done.error]);
}

/**
 * The work of an agent over all machines that share a store: under the claim of its key, or served by the proof of whoever had
 * it. `work` judges stored work or lets the agent run; null where the keys are those of an earlier context.
 */
export async function underSharedClaim(
  place: SharedPlace,
  run: AgentRun,
  work: (run: AgentRun) => Promise<AgentReport | null>,
): Promise<AgentReport | null> {
  const { session, agent, inputs } = run;
  const joined = await place.join();
  if (!joined.ok) return failed([{ ...joined.error, place: placeOf(run) }]);
  const shared = joined.value;
  const done = await underClaim<AgentReport | null>(shared.claims, askOf(run), {
    serve: (proofs) => serve(proofs),
    async work(claim) {
      const report = await work({ ...run, claim });
      return { value: report, end: endOf(report, claim, inputs.acceptanceKey) };
    },
  });
  return done.ok ? done.value : failed([done.error]);

  /** The first proof of the claim that holds here, by the same rules as one from anywhere else. */
  async function serve(proofs: readonly string[]): Promise<Result<AgentReport | null>> {
    for (const digest of proofs) {
      const kept = await shared.withBundle(digest, (bundle) => session.proofs.put(bundle, 'shared-store'));
      if (!kept.ok) return kept;
      if (kept.value === null) continue;
      if (!kept.value.ok) return kept.value;
      for (const { message } of kept.value.value.warnings) session.edges.print(`warning: ${message}`);
      const report = (await reuseProof(session, agent, inputs)) ?? (await work({ ...run, claim: null }));
      if (report === null || report.state === 'owned_slice_proven') return ok(report);
      session.edges.print(
        `not used: a proof of ${session.wave.identity.project}/${agent.unitId} from elsewhere`,
      );
    }
    return ok(null);
  }
}

function endOf(report: AgentReport | null, claim: HeldClaim, acceptanceKey: string): ClaimEnd {
  const { starts, gen } = claim.stored();
  const isStarted = starts.some((start) => start.gen === gen && start.end === 'open');
  if (report === null || report.state !== 'failed' || !isStarted) return null;
  const [first] = report.failures;
  const isCut = claim.lost.aborted || report.failures.some(({ code }) => interruptions.has(code));
  if (first === undefined || isCut) return { end: 'interrupted' };
  const failure: StartFailure = { code: first.code, message: first.message, acceptanceKey, bundle: null };
  return { end: 'failed', failure };
}
