import { join, resolve } from 'node:path';
import type { Artifact } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { isRunnerPath } from '../../core/runner-paths';
import { isLanded } from '../../core/state/ledger';
import { adoptedEnvelope } from '../../core/verify/adopted-envelope';
import { reopenCommand } from '../../core/views/next-command';
import { listFiles } from '../../edges/files/list-folder';
import { placeInside } from '../../edges/files/place-inside';
import { hashFile, readBytes, readText } from '../../edges/files/read-file';
import { copyFile } from '../../edges/files/copy-folder';
import { writeDurable, writeUnflushed } from '../../edges/files/write-file';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import { readAgentInputs } from './agent-inputs';
import { openAttempt, type AgentRun } from './attempt';
import { attemptHistory } from './attempt-history';
import { artifactPathsOf, rawEnvelopeFile } from './collect-slice';
import { appendLedger, readDecision, type Decision } from '../session/ledger-writer';
import { readPersonChange, type ChangeSource, type PersonChange } from './person-change';
import { describeAttempt, sealAttempt } from './record-attempt';
import { findAgent, type Session } from '../session/session';
import { acquireWorkLease } from '../session/work-lease';
import { underClaimOfPerson } from './under-shared-claim';
import { verifyStored } from './verify-stored';
import { upstreamSlices } from './prepare-checkout';
import { openHome } from '../slices/scratch-home';

export interface AdoptRequest {
  agent: string;
  source: ChangeSource;
  /** File with the envelope that the person wrote; null lets the runner claim exactly what the agent owes. */
  envelopePath: string | null;
  by?: string;
  reason?: string;
}

export interface Adopted {
  proofBundleId: string;
  proofDigest: string;
  /** The ledger entry. */
  path: string;
}

/**
 * Takes a person's change as the slice of an agent. It is collected and judged like the work of any agent: ownership,
 * deliverables, proof commands, exit contract. Only a proven slice is published and entered in the ledger.
 */
export async function runAdopt(session: Session, request: AdoptRequest): Promise<Result<Adopted, Failure[]>> {
  const { project } = session.wave.identity;
  const found = findAgent(session.wave, request.agent);
  if (!found.ok) return err([found.error]);
  const agent = found.value;
  const decision = readDecision(request, `nx run ${project}:adopt --agent ${agent.unitId}`);
  if (!decision.ok) return err([decision.error]);
  if (isLanded(session.ledger)) {
    return err([
      failure('option-invalid', `${project} has landed: its slices are settled.`, {
        next: reopenCommand(project),
      }),
    ]);
  }
  const envelope = await envelopeText(session, agent, { ...request, decision: decision.value });
  if (!envelope.ok) return err([envelope.error]);
  const scratch = await openHome(session, 'adopt');
  const home = scratch.path;
  try {
    const change = await readPersonChange({ session, agent, into: home }, request.source);
    if (!change.ok) return err([change.error]);
    return await adoptChange(session, agent, {
      change: change.value,
      envelope: envelope.value,
      decision: decision.value,
      home,
    });
  } finally {
    await scratch.close();
  }
}

/** Proves the change under the keys of the agent, for a context that does not have it yet, and enters it in the ledger. */
async function adoptChange(
  session: Session,
  agent: ResolvedAgent,
  offered: Sealing & { change: PersonChange },
): Promise<Result<Adopted, Failure[]>> {
  const { changes } = offered.change;
  const inputs = await readAgentInputs(session, agent, { context: { before: changes } });
  if (!inputs.ok) return err([inputs.error]);
  const { workKey } = inputs.value;
  const lease = await acquireWorkLease(session, agent.unitId, workKey);
  if (!lease.ok) return err([lease.error]);
  try {
    const run: AgentRun = { session, agent, inputs: inputs.value, marker: lease.value.marker };
    const collected = await sealChange(run, offered.change, offered);
    if (!collected.ok) return err([collected.error]);
    const judge = (under: AgentRun) => verifyStored(under, collected.value);
    const { shared } = session;
    const report = shared === null ? await judge(run) : await underClaimOfPerson(shared, run, judge);
    if (report === null) return err([conflict(session, agent)]);
    if (report.state === 'failed') return err(report.failures);
    const { proofDigest, resultDigest } = report;
    const entry = await appendLedger(session, {
      type: 'slice.adopted',
      agentId: agent.unitId,
      proofDigest,
      workKey,
      resultDigest,
      changes,
      ...offered.decision,
    });
    if (!entry.ok) return err([entry.error]);
    return ok({ ...report, path: entry.value.path });
  } finally {
    await lease.value.release();
  }
}

function conflict(session: Session, agent: ResolvedAgent): Failure {
  const { project } = session.wave.identity;
  return failure('merge-conflict', `The change does not apply on the base of agent ${agent.unitId}.`, {
    place: { wave: project, agentId: agent.unitId },
    next: 'Bring it up to date with the checked-out commit and the stages before it, then adopt it again.',
  });
}

/** The words that go with the change: the person's own file, or the runner's on their behalf. */
async function envelopeText(
  session: Session,
  agent: ResolvedAgent,
  { envelopePath, decision }: Pick<AdoptRequest, 'envelopePath'> & { decision: Decision },
): Promise<Result<string>> {
  if (envelopePath === null) {
    const made = adoptedEnvelope(session.wave, agent, decision);
    return made.ok ? ok(JSON.stringify(made.value)) : made;
  }
  const text = await readText(resolve(session.workspaceRoot, envelopePath));
  if (text !== null) return ok(session.redactor.redact(text));
  return err(
    failure('option-invalid', `${envelopePath} is not there.`, {
      next: 'Name a file with --envelope.',
    }),
  );
}

interface Sealing {
  envelope: string;
  decision: Decision;
  home: string;
}

/** Makes the change durable as a collected attempt, before anything is judged. */
async function sealChange(
  run: AgentRun,
  change: PersonChange,
  { envelope, decision, home }: Sealing,
): Promise<Result<Bundle>> {
  const { session, agent, inputs } = run;
  const draft = join(home, 'draft');
  const kept = await copyArtifacts(session, agent, join(draft, bundleFiles.artifacts));
  if (!kept.ok) return kept;
  const { changes } = change;
  const artifacts = kept.value;
  if (changes.length === 0 && artifacts.length === 0) return err(nothingToAdopt(session, agent));
  const written = await writeUnflushed(join(draft, bundleFiles.patch), change.patch);
  if (!written.ok) return written;
  if (change.packFile !== null) {
    const packed = await copyFile(change.packFile, join(draft, bundleFiles.objects));
    if (!packed.ok) return packed;
  }
  const { highest } = await attemptHistory(session, agent, inputs);
  const begun = await openAttempt(run, highest, { adopted: true });
  if (!begun.ok) return begun;
  const { attempt, attemptFolder, journal } = begun.value;
  journal.record('slice.collected', { changes: changes.length, artifacts: artifacts.length });
  const parents = await upstreamSlices(session, agent);
  if (!parents.ok) return parents;
  const head = await session.edges.git.snapshot(session.repo, { mode: 'head', into: join(home, 'base') });
  if (!head.ok) return head;
  const { tree } = head.value;
  await journal.flush();
  return sealAttempt(attemptFolder, 'collected', {
    from: draft,
    extra: { [bundleFiles.events]: journal.lines(), [rawEnvelopeFile]: envelope },
    predicate: describeAttempt({
      session,
      agent,
      inputs,
      attempt,
      executor: { id: 'person', model: null, adopted: true, by: decision.by },
      slice: { tree, changes, artifacts, artifactDir: null },
      baseTree: tree,
      parents: parents.value,
      usage: null,
      proofCommands: [],
      envelope: null,
      failures: [],
      state: 'collected',
    }),
  });
}

function nothingToAdopt(session: Session, agent: ResolvedAgent): Failure {
  return failure(
    'option-invalid',
    `There is no change in the paths that agent ${agent.unitId} owns: nothing to adopt.`,
    {
      place: { wave: session.wave.identity.project, agentId: agent.unitId },
      next: `Edit ${agent.ownedPaths.join(', ')}, or name the change with --patch FILE or --branch NAME.`,
    },
  );
}

/** Owned files below the state root, as the person left them in the workspace. */
async function copyArtifacts(
  session: Session,
  agent: ResolvedAgent,
  into: string,
): Promise<Result<Artifact[]>> {
  const { identity } = session.wave;
  const artifacts: Artifact[] = [];
  for (const path of artifactPathsOf(session, agent).filter((one) => !isRunnerPath(one, identity))) {
    const folder = path.endsWith('/')
      ? (await listFiles(session.at(path))).files.map((file) => path + file.path)
      : [path];
    for (const file of folder) {
      const place = await placeInside(session.workspaceRoot, file);
      const digest = place === null ? null : await hashFile(place);
      const bytes = place === null || digest === null ? null : await readBytes(place);
      if (digest === null || bytes === null) continue;
      const written = await writeDurable(join(into, file), bytes);
      if (!written.ok) return written;
      artifacts.push({ path: file, sha256: digest, size: bytes.length });
    }
  }
  return ok(artifacts);
}
