import { verdictDigest } from '../../core/digest/verdict-digest';
import { type FileChange, type Handoff, type Stage, type Verdict } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { keyIngredients, knownIngredients, type Ingredients } from '../../core/digest/ingredients';
import type { ContextFiles } from '../../core/digest/context-entries';
import { ledgerView } from '../../core/state/ledger-view';
import { acceptanceKey, workKey, type AgentLedgerView, type WorkKeyInput } from '../../core/digest/keys';
import type { ResolvedAgent } from '../../core/model';
import { useOf } from '../../core/verify/proof-use';
import { previousStage } from '../../core/wave-order';
import type { Session } from '../session/session';
import { readVerdict, readHandoff } from '../slices/gate-files';
import { proofAsk } from '../slices/proof-ask';
import { resultBundles } from '../slices/slices';
import { contextWithout, readContext, readContextBefore } from './context-files';

/** Everything of the workspace that decides one agent's keys, read once. */
export interface AgentInputs {
  workKey: string;
  acceptanceKey: string;
  /** The parts of both keys by name: what tells people later which of them changed. */
  ingredients: Ingredients;
  ledger: AgentLedgerView;
  context: ContextFiles;
  /** Context files that landings have changed since the stored work that these keys stand for; the work is kept. */
  moved: string[];
  upstream: { stage: Stage; verdict: Verdict; digest: string } | null;
  /** Handoffs of the agents in `dependsOn`, in that order. */
  handoffs: Handoff[];
}

/**
 * How keys are made: `present` counts the context as it is now, whatever is stored; `before` a change that a person has
 * made in the tree, as it was without it.
 */
export interface InputsOptions {
  context: 'present' | 'stored' | { before: FileChange[] };
}

export async function readAgentInputs(
  session: Session,
  agent: ResolvedAgent,
  options: InputsOptions = { context: 'stored' },
): Promise<Result<AgentInputs>> {
  const { wave } = session;
  const previous = previousStage(wave, agent.stage);
  let upstream: AgentInputs['upstream'] = null;
  if (previous !== null) {
    const verdict = await readVerdict(session, previous);
    if (!verdict.ok) return verdict;
    upstream = { stage: previous, verdict: verdict.value, digest: verdictDigest(verdict.value) };
  }
  const handoffs: Handoff[] = [];
  for (const unitId of agent.dependsOn) {
    const handoff = await readHandoff(session, unitId);
    if (!handoff.ok) return handoff;
    handoffs.push(handoff.value);
  }
  return ok(await agentInputsOn(session, agent, { upstream, handoffs, ...options }));
}

/**
 * The same for a verdict and handoffs that are at hand: no file of the wave's state is read. Where nothing is stored for
 * the present context, the one before landings counts for which there is proof: what other waves did to shared files
 * pays nobody again.
 */
export async function agentInputsOn(
  session: Session,
  agent: ResolvedAgent,
  {
    upstream,
    handoffs,
    context: asked = 'stored',
  }: Pick<AgentInputs, 'upstream' | 'handoffs'> & Partial<InputsOptions>,
): Promise<AgentInputs> {
  const present = await readContext(session, agent.contextPaths);
  const inputsOf = inputsFor(session, agent, { upstream, handoffs });
  const inputs = inputsOf(present, []);
  if (asked === 'present' || agent.contextPaths.length === 0) return inputs;
  if (asked !== 'stored') {
    const [before] = await contextWithout(session, agent.contextPaths, { present, moves: [asked.before] });
    return before === undefined ? inputs : inputsOf(before.context, []);
  }
  if (await isStored(session, agent, inputs)) return inputs;
  for (const before of await inputsBefore(session, agent, inputs))
    if (await isStored(session, agent, before)) return before;
  return inputs;
}

/** The keys of the present context without what landings have changed of it, the newest first; none where no landing has. */
export async function inputsBefore(
  session: Session,
  agent: ResolvedAgent,
  present: AgentInputs,
): Promise<AgentInputs[]> {
  const earlier = await readContextBefore(session, agent.contextPaths, present.context);
  const inputsOf = inputsFor(session, agent, present);
  return earlier.map(({ context, moved }) => inputsOf(context, moved));
}

/** The keys of an agent by what it is told to read. */
function inputsFor(
  session: Session,
  agent: ResolvedAgent,
  { upstream, handoffs }: Pick<AgentInputs, 'upstream' | 'handoffs'>,
): (context: ContextFiles, moved: string[]) => AgentInputs {
  const ledger = ledgerView(session.ledger, agent);
  return (context, moved) => {
    const parts: WorkKeyInput = {
      agent,
      wave: session.wave,
      ledger,
      context,
      handoffs: handoffs.map((one): [string, string] => [one.agentId, one.resultDigest]).sort(),
      upstream: upstream?.digest ?? null,
    };
    return {
      workKey: workKey(parts),
      acceptanceKey: acceptanceKey(agent),
      ingredients: keyIngredients(parts),
      ledger,
      context,
      moved,
      upstream,
      handoffs,
    };
  };
}

/**
 * Whether there is work for these keys, in the store or among the results, that was neither refused nor revoked. A
 * person's slice is such work even where this machine does not have it.
 */
async function isStored(session: Session, agent: ResolvedAgent, inputs: AgentInputs): Promise<boolean> {
  const ask = proofAsk(session, agent, inputs);
  if (ask.adopted !== null && ask.adopted.resultDigest !== null) return true;
  const { bundles } = await session.proofs.find(inputs.workKey);
  if (bundles.some((bundle) => useOf(bundle, ask) !== 'nothing')) return true;
  const shown = await resultBundles(session, agent.unitId);
  for (const bundle of shown)
    if (useOf(bundle, ask) !== 'nothing' && (await session.refusalOf(bundle)) === null) return true;
  return false;
}

/** The ingredients of an agent that waits for the stage before it. */
export async function readKnownIngredients(session: Session, agent: ResolvedAgent): Promise<Ingredients> {
  return knownIngredients({
    agent,
    wave: session.wave,
    ledger: ledgerView(session.ledger, agent),
    context: await readContext(session, agent.contextPaths),
  });
}
