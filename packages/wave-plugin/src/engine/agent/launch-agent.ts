import { join, relative } from 'node:path';
import type { Usage } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { AdapterIo } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import { compileRepairPrompt } from '../../core/prompt/compile-prompt';
import { compileInbox } from '../../core/prompt/inbox';
import type { HeldCage } from '../../core/cage/hold-cage';
import { addUsage } from '../../core/usage';
import { removePath } from '../../edges/files/remove';
import { makeFolder, writeUnflushed } from '../../edges/files/write-file';
import { acquireSlot } from '../../edges/lease/lease';
import { checkoutEnvironment } from '../../edges/git/proof-environment';
import { privateToolchains } from '../../edges/git/proof-home';
import { openTranscript } from '../../edges/processes/transcript';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import { buildPrompt } from './agent-prompt';
import { envelopePlace, envelopeSchemaName, envelopeSchemaText, readEnvelopeFile } from './envelope-file';
import { denialFailure } from '../program/outcome-failure';
import { runProgram } from '../program/run-program';
import { homePolicy } from '../slices/proof-commands';
import type { ProgramEdges, ProgramResult } from '../program/program';
import type { AttemptContext } from './attempt';
import { budgetOverall, endGrace, stopSignal, watchOver } from './let-in';
import { ownSettings } from './own-settings';
import { cageFor, executorCageSettings } from '../session/cages';
import { sharedBudget } from '../session/spending';
import type { PreparedCheckout } from './prepare-checkout';

/** What running the agent's program gave; the files it changed are collected afterwards. */
export interface Launched {
  /** Empty when the program says that it is done. Whether the work is any good is judged from the files. */
  failures: Failure[];
  /** False when no program ever ran: there is nothing to keep, and it is no attempt of the agent. */
  started: boolean;
  remarks: NonNullable<AttemptContext['remarks']>;
  executor: { id: string; model: string | null };
  /** Which cage stood around it; null when nothing was started. */
  cage: HeldCage | null;
  usage: Usage | null;
  sessionId: string | null;
  /** The envelope as the agent wrote it, secrets removed; null when there is none. */
  rawEnvelope: string | null;
}

/** Folder of an attempt where its bundle grows; it survives a crash. */
export const draftFolder = ({ attemptFolder }: { attemptFolder: string }) => join(attemptFolder, 'draft');

/** Folder of an attempt for what its repair pass was told and has said, until it is sealed into the bundle. */
export const repairFolder = ({ attemptFolder }: { attemptFolder: string }) =>
  join(attemptFolder, bundleFiles.repair);

/** Port ranges below those that the system hands out by itself: 20 ports for each agent that runs. */
const portRanges = { from: 20_000, each: 20, count: 600 };

/** Ports that no other agent of this user on this machine has while it is held. */
function acquirePorts({ session: { edges }, marker }: AttemptContext) {
  return acquireSlot({
    folder: join(edges.machineRoot, 'slots', 'ports'),
    count: portRanges.count,
    // Anywhere: the chain of one place then stays short.
    first: Number.parseInt(marker.replaceAll('-', '').slice(0, 8), 16) % portRanges.count,
    signal: edges.signal,
    onWait: () => edges.print('waits for a range of ports'),
  });
}

/** Compiles the prompt and runs the agent's program on it, under every limit. Fails only where nothing could be started. */
export async function launchAgent(
  context: AttemptContext,
  prepared: PreparedCheckout,
  earlier: { continued: boolean; cutOff: boolean; reasons: string[] },
): Promise<Result<Launched>> {
  const { session, agent } = context;
  const { checkout } = prepared;
  const schemaPath = join(checkout.scratchDir, envelopeSchemaName);
  const schema = await writeUnflushed(schemaPath, envelopeSchemaText(agent));
  if (!schema.ok) return schema;
  const prompt = await buildPrompt({
    session,
    agent,
    inputs: context.inputs,
    attempt: { number: context.attempt, ...earlier },
    envelopePath: envelopePathOf(prepared),
    schemaPath,
    inbox: compileInbox({
      agent,
      sources: [...(context.inputs.upstream?.verdict.agents ?? []), ...context.inputs.handoffs],
      ledger: session.ledger,
    }),
  });
  const draft = draftFolder(context);
  const kept = await writeUnflushed(join(draft, bundleFiles.prompt), session.redactor.redact(prompt));
  if (!kept.ok) return kept;
  const given = await writeUnflushed(join(checkout.scratchDir, bundleFiles.prompt), prompt);
  if (!given.ok) return given;
  const limitMinutes = agent.executor.budget.minutes ?? session.wave.settings.limits.attemptMinutes;
  const result = await runPass(context, prepared, {
    prompt,
    schemaPath,
    limitMinutes,
    folder: draft,
    resume: null,
    chain: executorChain(context),
  });
  const isUnclear = result.outcome.kind === 'unclear';
  const told = result.failure === null ? [] : [result.failure];
  return ok({
    failures: isUnclear ? [] : told,
    remarks: { before: isUnclear ? told : [], after: deniedTools(context, result) },
    started: result.exit !== null && result.exit.cause !== 'spawn-error',
    executor: { id: result.executorId, model: agent.executor.model },
    cage: result.cage,
    usage: result.usage,
    sessionId: result.sessionId,
    rawEnvelope: await readRawEnvelope(context, prepared, result),
  });
}

function deniedTools({ session, agent }: AttemptContext, result: ProgramResult): Failure[] {
  const adapter = findAdapter(result.executorId, session.adapters);
  const denial = adapter && denialFailure(result.denials, { adapter, agent, wave: session.wave });
  return denial === null ? [] : [denial];
}

/**
 * The repair pass: asks for the envelope only, with a short limit of its own. Null as error when this executor cannot
 * be asked again without paying for the work twice.
 */
export async function repairEnvelope(
  context: AttemptContext,
  prepared: PreparedCheckout,
  { bundle, reasons }: { bundle: Bundle; reasons: string[] },
): Promise<Result<string, Failure | null>> {
  const { session, agent } = context;
  const { executor, usage } = bundle.manifest.predicate;
  const adapter = findAdapter(executor.id, session.adapters);
  const sessionId = bundle.manifest.predicate['sessionId'];
  if (adapter === null || !adapter.capabilities.supportsResume || typeof sessionId !== 'string')
    return err(null);
  const schemaPath = join(prepared.checkout.scratchDir, envelopeSchemaName);
  await removePath(envelopePathOf(prepared));
  session.edges.print(`repairing: agent ${agent.unitId} is asked for its envelope again`);
  const folder = repairFolder(context);
  const prompt = compileRepairPrompt({ agent, envelopePath: envelopePathOf(prepared), schemaPath, reasons });
  const kept = await writeUnflushed(join(folder, bundleFiles.prompt), session.redactor.redact(prompt));
  if (!kept.ok) return kept;
  context.journal.record('envelope.repairing', { executor: executor.id });
  const result = await runPass(context, prepared, {
    prompt,
    schemaPath,
    limitMinutes: session.wave.settings.limits.repairMinutes,
    folder,
    resume: { sessionId, usage },
    chain: [executor.id],
  });
  context.repairUsage = addUsage(context.repairUsage ?? null, result.usage);
  const raw = await readRawEnvelope(context, prepared, result);
  return raw === null ? err(result.failure) : ok(raw);
}

interface Pass {
  prompt: string;
  schemaPath: string;
  limitMinutes: number;
  /** Where its transcript grows, unless that stays on this machine. */
  folder: string;
  resume: { sessionId: string; usage: Usage | null } | null;
  chain: string[];
}

async function runPass(
  context: AttemptContext,
  prepared: PreparedCheckout,
  pass: Pass,
): Promise<ProgramResult> {
  const { session, agent, journal } = context;
  const { edges } = session;
  await makeFolder(join(prepared.checkout.workspaceDir, '.nx-wave'));
  await makeFolder(pass.folder);
  const io = await ownSettings(context, prepared, pass.chain);
  const ports = await acquirePorts(context);
  if (!ports.ok) edges.print(`warning: ${agent.unitId} may share its ports: ${ports.error.message}`);
  const portBase = portRanges.from + portRanges.each * (ports.ok ? ports.value.slot : 0);
  const transcript = openTranscript(transcriptFile(context, pass.folder));
  const declared = declareProgram(context, prepared, pass);
  const fetched = await privateToolchains(prepared.checkout, homePolicy(session));
  try {
    return await runProgram({
      ...declared,
      variables: { ...fetched, ...declared.variables, WAVE_PORT_BASE: String(portBase) },
      signal: stopSignal(context),
      ...watchOver(context),
      ...endGrace(context),
      clock: edges.clock,
      edges: programEdges(context, prepared, io),
      onLine: (text) => edges.print(`${agent.unitId}: ${text}`),
      ...(context.live === undefined ? {} : { live: context.live }),
      writeTranscript: transcript.write,
      recordEvent: (type, data) => journal.record(type, data),
    });
  } finally {
    if (ports.ok) await ports.value.release();
    const problem = transcript.close();
    if (problem !== null) {
      edges.print(`${agent.unitId}: its transcript is not whole: ${problem.message}`);
      journal.record('transcript.incomplete', { code: problem.code, message: problem.message });
    }
  }
}

/** The program of a pass as data: what is run, where, and how far it may go. */
function declareProgram(context: AttemptContext, prepared: PreparedCheckout, pass: Pass) {
  const { session, agent, attempt } = context;
  const { checkout } = prepared;
  const { limits } = session.wave.settings;
  const { budget } = agent.executor;
  return {
    wave: session.wave,
    agent,
    adapters: session.adapters,
    chain: pass.chain,
    prompt: pass.prompt,
    checkout,
    envelopePath: envelopePathOf(prepared),
    envelopeSchemaPath: pass.schemaPath,
    baseEnv: session.programEnv,
    variables: {
      ...checkoutEnvironment(checkout, context.marker),
      ...waveVariables(context, prepared, pass.schemaPath),
    },
    limits: {
      hardLimitMs: pass.limitMinutes * 60_000,
      idleLimitMs: limits.idleMinutes * 60_000,
      rateLimitWaitMs: limits.rateLimitWaitMinutes * 60_000,
      tokens: budget.tokens ?? null,
      usd: budget.usd ?? null,
    },
    sharedBudget: budgetOverall(
      context,
      sharedBudget(session, `${agent.unitId}-${attempt}-${pass.resume === null ? 'work' : 'repair'}`),
    ),
    resume: pass.resume,
    attempt,
    secrets: session.secrets,
    transcriptPath: transcriptPath(context, pass.folder),
  };
}

function programEdges(
  { session, agent, live }: AttemptContext,
  { checkout }: PreparedCheckout,
  io: AdapterIo,
): ProgramEdges {
  const { edges } = session;
  return {
    cageFor: async ({ executorId, needs, ownInForce }) => {
      const settings = executorCageSettings(session, executorId);
      const own = settings.isolation !== 'off' && (await ownInForce());
      return cageFor(session, settings, { checkout, needs, own });
    },
    processes: edges.processes,
    io,
    writeFile: writeUnflushed,
    acquireSlot: (executorId, count, signal) =>
      acquireSlot({
        folder: join(edges.machineRoot, 'slots', executorId),
        count,
        signal,
        onWait: () => {
          edges.print(`${agent.unitId}: waits for one of ${count} places for ${executorId}`);
          live?.waits(`one of ${count} places for ${executorId}`);
        },
      }),
  };
}

function executorChain({ agent }: AttemptContext): string[] {
  return [agent.executor.id, ...agent.executor.fallbacks.filter((id) => id !== agent.executor.id)];
}

/** Part of the bundle, or beside it where `bundle.transcript` keeps it on this machine. */
function transcriptFile(context: AttemptContext, folder: string): string {
  return join(isLocal(context) ? context.attemptFolder : folder, bundleFiles.transcript);
}

/** For people: below `results/`, where the bundle is shown. */
function transcriptPath(context: AttemptContext, folder: string): string {
  const { session, agent, attempt } = context;
  if (isLocal(context)) return transcriptFile(context, folder);
  const shown = relative(draftFolder(context), folder) === '' ? '' : `${bundleFiles.repair}/`;
  return `${session.paths.bundle(attempt, agent.unitId)}/${shown}${bundleFiles.transcript}`;
}

const isLocal = ({ session }: AttemptContext) => session.wave.settings.transcript === 'local';

function envelopePathOf({ checkout }: PreparedCheckout): string {
  return join(checkout.workspaceDir, envelopePlace);
}

/** What every agent program finds in its environment. */
function waveVariables(
  context: AttemptContext,
  prepared: PreparedCheckout,
  schemaPath: string,
): Record<string, string> {
  const { agent, session } = context;
  const { checkout } = prepared;
  return {
    WAVE_RESULT_ENVELOPE: envelopePathOf(prepared),
    WAVE_NUMBER: String(session.wave.identity.waveNumber),
    WAVE_LANE: session.wave.identity.lane,
    WAVE_AGENT_ID: agent.agentId,
    WAVE_ROLE: agent.envelopeRole,
    WAVE_ATTEMPT: String(context.attempt),
    WAVE_PROMPT_FILE: join(checkout.scratchDir, bundleFiles.prompt),
    WAVE_SCHEMA_FILE: schemaPath,
    WAVE_TMP: checkout.tmpDir,
  };
}

async function readRawEnvelope(
  context: AttemptContext,
  prepared: PreparedCheckout,
  result: ProgramResult,
): Promise<string | null> {
  const adapter = findAdapter(result.executorId, context.session.adapters);
  const path = adapter?.locateResultEnvelope(
    { envelopePath: envelopePathOf(prepared), checkoutDir: prepared.checkout.workspaceDir },
    context.session.edges.adapterIo,
  );
  const { redactor } = context.session;
  const text =
    path === null || path === undefined
      ? null
      : await readEnvelopeFile(prepared.checkout.workspaceDir, redactor);
  if (text !== null) return text;
  return result.structuredOutput === undefined || result.structuredOutput === null
    ? null
    : JSON.stringify(result.structuredOutput);
}
