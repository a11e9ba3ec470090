import { type Handoff, type Stage, type Verdict } from '@nx-wave/schemas';
import { digestOf, ok, type Result } from '@nx-wave/schemas/plain';
import { keyIngredients, knownIngredients, type Ingredients } from '../../core/digest/ingredients';
import { ledgerView } from '../../core/state/ledger-view';
import { acceptanceKey, workKey, type AgentLedgerView, type WorkKeyInput } from '../../core/digest/keys';
import type { ResolvedAgent } from '../../core/model';
import { listFiles } from '../../edges/files/list-folder';
import { hashFile } from '../../edges/files/read-file';
import { previousStage } from '../../core/wave-order';
import type { Session } from '../session/session';
import { readVerdict, readHandoff } from '../slices/gate-files';

/** Everything of the workspace that decides one agent's keys, read once. */
export interface AgentInputs {
  workKey: string;
  acceptanceKey: string;
  /** The parts of both keys by name: what tells people later which of them changed. */
  ingredients: Ingredients;
  ledger: AgentLedgerView;
  context: [path: string, content: string][];
  upstream: { stage: Stage; verdict: Verdict; digest: string } | null;
  /** Handoffs of the agents in `dependsOn`, in that order. */
  handoffs: Handoff[];
}

export async function readAgentInputs(session: Session, agent: ResolvedAgent): Promise<Result<AgentInputs>> {
  const { wave } = session;
  const previous = previousStage(wave, agent.stage);
  let upstream: AgentInputs['upstream'] = null;
  if (previous !== null) {
    const verdict = await readVerdict(session, previous);
    if (!verdict.ok) return verdict;
    upstream = { stage: previous, verdict: verdict.value, digest: digestOf(verdict.value) };
  }
  const handoffs: Handoff[] = [];
  for (const unitId of agent.dependsOn) {
    const handoff = await readHandoff(session, unitId);
    if (!handoff.ok) return handoff;
    handoffs.push(handoff.value);
  }
  return ok(await agentInputsOn(session, agent, { upstream, handoffs }));
}

/** The same for a verdict and handoffs that are at hand: no file of the wave's state is read. */
export async function agentInputsOn(
  session: Session,
  agent: ResolvedAgent,
  { upstream, handoffs }: Pick<AgentInputs, 'upstream' | 'handoffs'>,
): Promise<AgentInputs> {
  const { wave } = session;
  const context = await hashContext(session, agent.contextPaths);
  const ledger = ledgerView(session.ledger, agent);
  const parts: WorkKeyInput = {
    agent,
    wave,
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
    upstream,
    handoffs,
  };
}

/** The ingredients of an agent that waits for the stage before it. */
export async function readKnownIngredients(session: Session, agent: ResolvedAgent): Promise<Ingredients> {
  return knownIngredients({
    agent,
    wave: session.wave,
    ledger: ledgerView(session.ledger, agent),
    context: await hashContext(session, agent.contextPaths),
  });
}

/** [path, sha256 or "absent"] of every context file; a folder gives one entry per file. Sorted by path. */
async function hashContext(session: Session, paths: string[]): Promise<[string, string][]> {
  const entries = new Map<string, string>();
  for (const path of paths) {
    if (!path.endsWith('/')) {
      entries.set(path, (await hashFile(session.at(path))) ?? 'absent');
      continue;
    }
    const { files } = await listFiles(session.at(path));
    if (files.length === 0) entries.set(path, 'absent');
    for (const file of files) entries.set(path + file.path, (await hashFile(file.absolute)) ?? 'absent');
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
