import { failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { acceptanceKey } from '../../core/digest/keys';
import { describeUncounted } from '../../core/digest/former-context';
import { isAcceptance } from '../../core/digest/ingredients';
import type { ResolvedAgent } from '../../core/model';
import { compileInbox } from '../../core/prompt/inbox';
import { configFile } from '../../core/resolve/check-config';
import { isLanded } from '../../core/state/ledger';
import { unprotectedMachines } from '../../core/state/many-machines';
import { decideRunMode } from '../../core/state/run-mode';
import { usersHomeTold } from '../../core/verify/proof-ground';
import type { ProofOrigin, ProofSource } from '../../core/verify/proof-source';
import { isLoweredUnsaid } from '../../core/views/lowered';
import { findOwnershipConflicts, type PlannedUnit, type WavePlan } from '../../core/views/plan';
import { writeDurable } from '../../edges/files/write-file';
import type { Bundle } from '../../edges/store/bundle';
import { readAgentInputs, readKnownIngredients, type AgentInputs } from '../agent/agent-inputs';
import { buildPrompt, grantedPaths } from '../agent/agent-prompt';
import { lastCost } from '../agent/attempt-cost';
import { attemptHistory, type AttemptHistory } from '../agent/attempt-history';
import { contextMoved } from '../agent/context-moved';
import { forecastOf, forecastUnitOf, refuseAboveForecast } from '../agent/forecast-costs';
import { mayRun, refuseWithoutCage } from '../agent/may-run';
import { foreseeUnmeasured } from '../../proof/foresee';
import { readInside } from '../../edges/files/read-file';
import { storedProof } from '../agent/reuse-proof';
import { knownBundles, whatChanged, type WhatChanged } from '../agent/what-changed';
import { heldOutOf } from '../../core/held-out';
import { heldOutReadable } from './held-out-readable';
import { stopsAgent } from '../agent/refuse-ignored';
import { lintWave } from './lint-wave';
import { unignoredState } from './unignored-state';
import { isAvailable, plannedCages, plannedCommand, plannedEnvelope } from './plan-command';
import { previousStage } from '../../core/wave-order';
import type { Session } from '../session/session';

export interface PlanReport {
  plan: WavePlan;
  /** Text of every prompt that could be compiled, by unit id. */
  prompts: Map<string, string>;
}

/**
 * What a launch would do with every agent, from stored state alone: nothing is started, no program and no key is needed.
 * Prompts are written below the reports folder, for people to read.
 */
export async function planWave(session: Session): Promise<Result<PlanReport>> {
  const { edges, wave } = session;
  const mode = decideRunMode({
    requested: edges.env['NX_WAVE_RUN'],
    configured: wave.settings.run,
    ci: Boolean(edges.env['CI']),
  });
  if (!mode.ok) return mode;
  const units: PlannedUnit[] = [];
  const prompts = new Map<string, string>();
  for (const agent of wave.agents) {
    const { unit, prompt } = await planUnit(session, agent, units);
    units.push(unit);
    if (prompt === null) continue;
    const path = `${session.paths.reportsDir}/prompts/${agent.unitId}.md`;
    const written = await writeDurable(session.at(path), prompt);
    if (!written.ok) return written;
    unit.prompt = path;
    prompts.set(agent.unitId, prompt);
  }
  const git = { repo: session.repo, env: edges.env };
  const stops = stopsLaunch(units);
  const found = await lintWave({ workspaceRoot: session.workspaceRoot, git }, wave.identity);
  const owners = wave.agents.map((agent) => ({
    unitId: agent.unitId,
    stage: agent.stage,
    dependsOn: agent.dependsOn,
    owned: [...agent.ownedPaths, ...grantedPaths(session, agent)],
  }));
  return ok({
    plan: {
      schemaVersion: 1,
      wave: wave.identity.project,
      landed: isLanded(session.ledger),
      runMode: mode.value,
      notAsked: notAskedBy(session),
      units,
      forecast: await forecastOf(
        session,
        wave.agents.flatMap((agent, at) => {
          const action = units[at]?.action;
          if (action !== 'run' && action !== 'wait') return [];
          return [forecastUnitOf(session, agent, { certain: action === 'run' })];
        }),
      ),
      conflicts: findOwnershipConflicts(owners),
      stops: found.filter(stops),
      warnings: [
        ...(await unignoredState(session)),
        ...manyMachines(session),
        ...usersHome(session),
        ...(await heldOutReadable(session)),
        ...lowered(session),
        ...found.filter((one) => !stops(one)),
      ],
    },
    prompts,
  });
}

/** A plan is made of what this machine holds: nothing is called for it. */
function notAskedBy({ shared }: Session): string[] {
  return ['the Nx cache', ...(shared === null ? [] : [`the shared store ${shared.name}`])];
}

/** What keeps a wave from being proved here: it stops a launch where anybody would be paid. */
const unprovable: ReadonlySet<string> = new Set(['proof-program-missing', 'held-out-missing']);

/** Findings for which tasks of agents refuse to pay. */
function stopsLaunch(units: readonly PlannedUnit[]) {
  const pays = units.some(({ action }) => action === 'run' || action === 'wait');
  return (found: Failure): boolean =>
    stopsAgent(found) || (pays && found.severity === 'error' && unprovable.has(found.code));
}

/** Whoever reads the plan knows what nothing protects. */
function manyMachines({ edges, wave }: Session): Failure[] {
  const told = unprotectedMachines(edges.env, wave.settings);
  return told === null ? [] : [told];
}

/** Whoever reads the plan knows whose home the proof rests on. */
function usersHome({ wave }: Session): Failure[] {
  const { home } = wave.settings.proof;
  if (home === 'private' || wave.agents.every(({ proofCommands }) => proofCommands.length === 0)) return [];
  return [
    failure('proof-home-user', usersHomeTold, {
      severity: 'warning',
      place: { wave: wave.identity.project, path: configFile },
      next: 'Remove `proof.home` where the commands also pass with a home of their own.',
    }),
  ];
}

/** Less proof than usual is honest with a reason, which stands in the report. */
function lowered({ wave }: Session): Failure[] {
  return wave.agents
    .filter(({ proofStrength }) => isLoweredUnsaid(proofStrength))
    .map(({ unitId, proofStrength: { level, usual } }) =>
      failure(
        'proof-lowered',
        `${unitId} asks for \`${level}\` where \`${usual}\` is usual, and nobody says why.`,
        {
          severity: 'warning',
          place: { wave: wave.identity.project, agentId: unitId, path: wave.identity.path },
          next: 'Add `- reason: …` under `### Proof strength`: finished work is verified again, nobody is paid.',
        },
      ),
    );
}

type Decision = Pick<PlannedUnit, 'action' | 'why'> & {
  dependsOn?: string;
  problem?: Failure;
  /** The stored bundle that is served or judged again. */
  rests?: Bundle & { origin?: ProofOrigin };
};

async function planUnit(
  session: Session,
  agent: ResolvedAgent,
  earlier: readonly PlannedUnit[],
): Promise<{ unit: PlannedUnit; prompt: string | null }> {
  const waits = waitsFor(session, agent, earlier);
  const read = waits === null ? await readAgentInputs(session, agent) : null;
  const inputs = read?.ok === true ? read.value : null;
  const stored = inputs === null ? null : await storedProof(session, agent, { inputs, fetch: false });
  const served = stored?.found?.bundle ?? null;
  const history = inputs === null ? null : await attemptHistory(session, agent, inputs);
  const known = await knownBundles(session, agent);
  const decision = await decide(session, agent, { waits, read, inputs, served, history });
  const now = inputs?.ingredients ?? (await readKnownIngredients(session, agent));
  const { since, changed, uncounted } = whatChanged(session, agent, { known, now, waits: inputs === null });
  const launch = plannedCommand(session, agent);
  const quiet = ['reuse', 'landed'].includes(decision.action);
  const unit: PlannedUnit = {
    unitId: agent.unitId,
    target: agent.target,
    title: agent.title,
    role: agent.role,
    stage: agent.stage,
    action: decision.action,
    why: decision.action === 'run' ? whyRun(decision.why, known, { changed, uncounted }) : decision.why,
    from: await sourceOf(session, decision.rests),
    dependsOn: decision.dependsOn ?? null,
    workKey: inputs?.workKey ?? null,
    acceptanceKey: acceptanceKey(agent),
    changed,
    since,
    attempts: Math.max(history?.highest ?? 0, ...known.map((one) => one.manifest.predicate.attempt)),
    continuesFrom: history?.continueFrom?.manifest.predicate.proofBundleId ?? null,
    executor: plannedExecutor(session, agent),
    command: launch.ok ? launch.value : null,
    cage: await plannedCages(session, agent),
    prompt: null,
    inputs: {
      context: inputs?.context.map(([path]) => path) ?? agent.contextPaths,
      owned: [...agent.ownedPaths, ...grantedPaths(session, agent)],
      deliverables: agent.deliverables,
      proofCommands: agent.proofCommands,
    },
    proofStrength: await plannedStrength(session, agent),
    estimate: await lastCost(known),
    problems: [
      ...(decision.problem ? [decision.problem] : []),
      ...(launch.ok || quiet ? [] : [launch.error]),
    ],
  };
  const prompt =
    inputs === null || history === null || quiet ? null : await promptOf(session, agent, { inputs, history });
  return { unit, prompt };
}

function sourceOf({ proofs }: Session, bundle: Decision['rests']): Promise<ProofSource> | null {
  if (bundle === undefined) return null;
  const { proofDigest, origin, manifest } = bundle;
  const known = origin === undefined ? {} : { origin };
  return proofs.sourceOf({ proofDigest, predicate: manifest.predicate, ...known });
}

function plannedExecutor(session: Session, agent: ResolvedAgent): PlannedUnit['executor'] {
  const { id, model, selectedBy, fallbacks } = agent.executor;
  const available = (one: string) => isAvailable(session, agent, one);
  return {
    ...{ id, model, selectedBy, available: available(id) },
    fallbacks: fallbacks.map((one) => ({ id: one, available: available(one) })),
  };
}

/** What the proof has to be worth, and whether the commands of the workspace as it is let it be measured. */
async function plannedStrength(
  session: Session,
  agent: ResolvedAgent,
): Promise<PlannedUnit['proofStrength']> {
  const { level, reason } = agent.proofStrength;
  const unmeasured = await foreseeUnmeasured(agent, {
    read: async (path) => readInside(session.workspaceRoot, path),
    target: async (project, target) => session.nxTarget(project, target),
  });
  const heldOut = heldOutOf(session.wave).filter(({ unitId }) => unitId === agent.unitId);
  return { level, reason, unmeasured, heldOut: heldOut.map(({ name }) => name) };
}

/** The target that has to come first: the stage before, or an agent of the same stage. */
function waitsFor(session: Session, agent: ResolvedAgent, earlier: readonly PlannedUnit[]): string | null {
  const previous = previousStage(session.wave, agent.stage);
  const open = earlier.filter(({ action }) => action !== 'reuse' && action !== 'landed');
  if (previous !== null && open.some(({ stage }) => stage !== agent.stage)) return `gate-${previous}`;
  return open.find(({ unitId }) => agent.dependsOn.includes(unitId))?.target ?? null;
}

interface Seen {
  waits: string | null;
  read: Result<AgentInputs> | null;
  inputs: AgentInputs | null;
  /** The proof that the agent's task would serve. */
  served: Bundle | null;
  history: AttemptHistory | null;
}

async function decide(
  session: Session,
  agent: ResolvedAgent,
  { waits, read, inputs, served, history }: Seen,
): Promise<Decision> {
  if (isLanded(session.ledger)) return { action: 'landed', why: 'the wave has landed' };
  if (waits !== null) return { action: 'wait', why: `depends on ${waits}`, dependsOn: waits };
  if (inputs === null || history === null) {
    const previous = previousStage(session.wave, agent.stage);
    const target = previous === null ? agent.dependsOn.join(', ') : `gate-${previous}`;
    const why = `depends on ${target}${read?.ok === false ? `: ${read.error.message}` : ''}`;
    return { action: 'wait', why, dependsOn: target };
  }
  const moved = inputs.moved.length > 0 ? { problem: contextMoved(session, agent, inputs) } : {};
  if (served !== null)
    return {
      action: 'reuse',
      why: `${served.manifest.predicate.proofBundleId} fits its keys`,
      rests: served,
      ...moved,
    };
  const [again] = history.verifyAgain;
  if (again !== undefined) {
    const { proofBundleId, state } = again.manifest.predicate;
    const reason = state === 'collected' ? 'was never judged' : 'is to be judged by what is asked today';
    return { action: 'verify', why: `${proofBundleId} ${reason}; no program runs`, rests: again, ...moved };
  }
  const refusal = history.adoptedMissing ?? history.refusal;
  if (refusal !== null) return { action: 'refused', why: refusal.message, problem: refusal };
  const allowed = mayRun(session, agent, history.adapter);
  if (!allowed.ok) return { action: 'refused', why: allowed.error.message, problem: allowed.error };
  const uncaged = await refuseWithoutCage(session, agent);
  if (uncaged !== null) return { action: 'refused', why: uncaged.message, problem: uncaged };
  const dear = await refuseAboveForecast(session, agent);
  if (dear !== null) return { action: 'refused', why: dear.message, problem: dear };
  return { action: 'run', why: history.reasons[0] ?? '' };
}

function whyRun(
  reason: string,
  known: readonly Bundle[],
  { changed, uncounted }: Pick<WhatChanged, 'changed' | 'uncounted'>,
): string {
  const last = known.at(-1)?.manifest.predicate;
  if (last === undefined) return 'never ran here';
  const work = changed.filter(({ name }) => !isAcceptance(name));
  if (uncounted.length > 0) return describeUncounted(uncounted, last.proofBundleId);
  if (work.length > 0) return `its inputs changed since ${last.proofBundleId}`;
  return reason === '' ? `no stored proof fits its keys` : `${last.proofBundleId} was not proven: ${reason}`;
}

async function promptOf(
  session: Session,
  agent: ResolvedAgent,
  { inputs, history }: { inputs: AgentInputs; history: AttemptHistory },
): Promise<string> {
  const text = await buildPrompt({
    session,
    agent,
    inputs,
    attempt: {
      number: history.highest + 1,
      continued: history.continueFrom !== null,
      reasons: history.reasons,
    },
    ...plannedEnvelope,
    inbox: compileInbox({
      agent,
      sources: [...(inputs.upstream?.verdict.agents ?? []), ...inputs.handoffs],
      ledger: session.ledger,
    }),
  });
  return session.redactor.redact(text);
}
