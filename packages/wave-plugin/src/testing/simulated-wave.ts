import type {
  BundlePredicate,
  GateReason,
  Handoff,
  LedgerEntry,
  ResultEnvelope,
  RetryPlan,
  Stage,
  Verdict,
} from '@nx-wave/schemas';
import { digestOf, sha256 } from '@nx-wave/schemas/plain';
import { verdictDigest } from '../core/digest/verdict-digest';
import { acceptanceKey, workKey } from '../core/digest/keys';
import { ledgerView } from '../core/state/ledger-view';
import { makeHandoff } from '../core/digest/result-digest';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import { retryEntry } from '../core/retry/retry-entry';
import { withExecutorChanges } from '../core/state/ledger';
import { reduceWave } from '../core/state/reduce-wave';
import type { AttemptRecord, WaveEvidence } from '../core/state/wave-evidence';
import { presentStages } from '../core/wave-order';
import type { WaveState } from '../core/state/wave-state';
import { judgeStages } from '../gates/judge-stages';
import { buildEnvelope } from './envelopes';

/** What an agent does when it runs: its envelope, what it changed, and the failure codes that verifying it gives. */
export interface Deed {
  envelope?: Partial<ResultEnvelope>;
  /** Anything that tells one result from another. */
  content?: string;
  failures?: string[];
  /** The attempt was cut off before it was judged. */
  interrupted?: boolean;
}

export type Behaviour = (unit: ResolvedAgent, attempt: number) => Deed;

export interface SimulationOptions {
  mergeFindings?: (stage: Stage, handoffs: readonly Handoff[]) => readonly GateReason[];
}

/**
 * A wave whose agents are functions: stores what the engine stores, decides with the real keys, gates, reducer and planner,
 * and has no disk, clock or process. What it cannot do, no real wave can.
 */
export function simulateWave(wave: ResolvedWave, options: SimulationOptions = {}) {
  const ledger: LedgerEntry[] = [];
  const attempts: AttemptRecord[] = [];
  const handoffs: Handoff[] = [];
  let entries = 0;

  const resolved = () => withExecutorChanges(wave, ledger);

  function judged(): { verdicts: Verdict[]; workKeys: Record<string, string> } {
    const now = resolved();
    const workKeys: Record<string, string> = {};
    const turns = judgeStages(now);
    let turn = turns.next();
    while (turn.done !== true) {
      const { stage, units, upstream } = turn.value;
      const own = provenUnits(now, units, upstream, workKeys);
      const complete = own.length === units.length;
      turn = turns.next({
        openDependencies: [],
        handoffs: own,
        ledger,
        matrix: null,
        benchmarkCatalog: null,
        expectedWorkKeys: workKeys,
        mergeFindings: complete ? (options.mergeFindings?.(stage, own) ?? []) : [],
      });
    }
    return { verdicts: turn.value, workKeys };
  }

  /** Handoffs for the present keys; a key is known once everybody that the unit depends on is proven. */
  function provenUnits(
    now: ResolvedWave,
    units: readonly ResolvedAgent[],
    upstream: Verdict | null,
    workKeys: Record<string, string>,
  ): Handoff[] {
    const proven: Handoff[] = [];
    const waiting = [...units];
    for (;;) {
      const at = waiting.findIndex(({ dependsOn }) =>
        dependsOn.every((id) => proven.some(({ agentId }) => agentId === id)),
      );
      const [unit] = at < 0 ? [] : waiting.splice(at, 1);
      if (unit === undefined) return proven;
      const key = workKey({
        agent: unit,
        wave: now,
        ledger: ledgerView(ledger, unit),
        context: [],
        handoffs: proven
          .filter(({ agentId }) => unit.dependsOn.includes(agentId))
          .map(({ agentId, resultDigest }): [string, string] => [agentId, resultDigest])
          .sort(),
        upstream: upstream === null ? null : verdictDigest(upstream),
      });
      workKeys[unit.unitId] = key;
      const fits = handoffs.find(
        (one) => one.agentId === unit.unitId && one.workKey === key && !isRevoked(one),
      );
      if (fits) proven.push(fits);
    }
  }

  function isRevoked(handoff: Handoff): boolean {
    const proof = attempts.find(
      ({ predicate }) =>
        predicate.agentId === handoff.agentId &&
        predicate.workKey === handoff.workKey &&
        predicate.resultDigest !== null,
    );
    return ledger.some(
      (entry) => entry.type === 'bundle.revoked' && entry.proofDigest === proof?.proofDigest,
    );
  }

  function evidence(): WaveEvidence {
    const { verdicts, workKeys } = judged();
    const all = verdicts.length === presentStages(wave).length && verdicts.every(({ ok }) => ok);
    return {
      wave: resolved(),
      ledger,
      events: [],
      attempts,
      bundles: attempts.flatMap(({ predicate, proofDigest }) => {
        const { agentId: unitId, workKey: key, resultDigest, proofBundleId } = predicate;
        return resultDigest === null
          ? []
          : [{ unitId, workKey: key, resultDigest, proofDigest, proofBundleId }];
      }),
      workKeys,
      verdicts,
      prove: all ? { ok: true, tree: sha256('tree'), reasons: [] } : null,
    };
  }

  function state(): WaveState {
    return reduceWave(evidence());
  }

  /** Runs what Nx would run: every unit whose key is known and has no proof. Gives the units that were paid for. */
  function launch(behave: Behaviour): string[] {
    const ran: string[] = [];
    for (let progress = true; progress;) {
      progress = false;
      for (const unit of state().units) {
        if (ran.includes(unit.unitId) || unit.workKey === null) continue;
        if (unit.status === 'proven' || unit.status === 'asking' || unit.status === 'waiting') continue;
        const spec = resolved().agents.find(({ unitId }) => unitId === unit.unitId);
        if (!spec) continue;
        run(spec, unit.workKey, behave);
        ran.push(unit.unitId);
        progress = true;
      }
    }
    return ran.sort();
  }

  function run(unit: ResolvedAgent, key: string, behave: Behaviour): void {
    const attempt = 1 + attempts.filter(({ predicate }) => predicate.agentId === unit.unitId).length;
    const deed = behave(unit, attempt);
    const envelope = buildEnvelope(unit.envelopeRole, { agentId: unit.agentId, attempt, ...deed.envelope });
    const changes = [changeOf(unit, deed.content ?? 'done')];
    const handoff = makeHandoff({ agent: unit, wave, workKey: key, envelope, changes, artifacts: [] });
    const failures = (deed.failures ?? []).map((code) => ({ code, message: `${unit.unitId}: ${code}` }));
    const proven = failures.length === 0 && deed.interrupted !== true;
    const predicate: BundlePredicate = {
      bundleFormat: 1,
      proofBundleId: `${wave.identity.project}/${unit.unitId}/attempt-${attempt}`,
      state: proven ? 'owned_slice_proven' : deed.interrupted === true ? 'collected' : 'not_proven',
      wave: wave.identity.project,
      waveNumber: wave.identity.waveNumber,
      lane: wave.identity.lane,
      agentId: unit.unitId,
      attempt,
      role: unit.role,
      envelopeRole: unit.envelopeRole,
      stage: unit.stage,
      workKey: key,
      acceptanceKey: acceptanceKey(unit),
      resultDigest: proven ? handoff.resultDigest : null,
      executor: { id: unit.executor.id, model: unit.executor.model },
      versions: {},
      baseTree: sha256('base').slice(0, 40),
      ownership: unit.ownedPaths,
      changes,
      artifacts: [],
      proofCommands: [],
      usage: null,
      parents: [],
      failures,
    };
    attempts.push({ predicate, proofDigest: digestOf(predicate), envelope });
    if (proven) handoffs.push(handoff);
  }

  type Body = LedgerEntry extends infer E
    ? E extends LedgerEntry
      ? Omit<E, 'schemaVersion' | 'id' | 'wave' | 'recordedAt' | 'by' | 'reason'>
      : never
    : never;

  function record(body: Body): void {
    entries += 1;
    ledger.push({
      schemaVersion: 1,
      id: `01J${String(entries).padStart(23, '0')}`,
      wave: wave.identity.project,
      recordedAt: '2026-01-02T03:04:05.000Z',
      by: 'sam',
      reason: 'because',
      ...body,
    } as LedgerEntry);
  }

  /** What `retry --apply` writes. */
  function apply(plan: RetryPlan, fresh = false): void {
    const entry = retryEntry(state(), plan, { fresh });
    if (entry) record(entry);
  }

  return { wave, ledger, attempts, evidence, state, launch, record, apply, judged };
}

export type SimulatedWave = ReturnType<typeof simulateWave>;

function changeOf(unit: ResolvedAgent, content: string): BundlePredicate['changes'][number] {
  const path = unit.ownedPaths[0] ?? 'nothing';
  const oid = sha256(content).slice(0, 40);
  return { path: path.endsWith('/') ? `${path}file.ts` : path, before: null, after: { mode: '100644', oid } };
}
