import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type JsonValue, ok } from '@nx-wave/schemas/plain';
import { type Checkout } from '../edges/git/contracts';
import { createAdapterIo } from '../edges/processes/adapter-io';
import { createProcessTable } from '../edges/processes/process-table';
import { createProcessEdge } from '../edges/processes/supervise';
import { type ProgramRequest } from '../engine/program/program';
import { adapterRegistry } from '../adapters/registry';
import { buildAgent, buildWave } from './resolved';

/** Folders, a request with harmless defaults, and what the run has shown, for one agent program in a test. */
export interface ProgramRig {
  dir: string;
  workspaceDir: string;
  envelopePath: string;
  lines: string[];
  transcript: string[];
  events: { type: string; data: Record<string, JsonValue> }[];
  /** Milliseconds that the run asked to wait, in order; time itself stands still. */
  waits: number[];
  request(overrides: Partial<ProgramRequest>): ProgramRequest;
  /** Types of the recorded events. */
  eventTypes(): string[];
  /** Processes of this run that still live. */
  survivors(): Promise<number[]>;
  dispose(): void;
}

export function createProgramRig(): ProgramRig {
  const dir = mkdtempSync(join(tmpdir(), 'wave-program-'));
  const marker = randomUUID();
  const checkout = makeCheckout(dir);
  const envelopePath = join(checkout.workspaceDir, '.nx-wave', 'envelope.json');
  const rig: ProgramRig = {
    dir,
    workspaceDir: checkout.workspaceDir,
    envelopePath,
    lines: [],
    transcript: [],
    events: [],
    waits: [],
    request: (overrides) => {
      const agent = overrides.agent ?? buildAgent();
      return {
        agent,
        wave: buildWave([agent]),
        adapters: adapterRegistry,
        chain: [agent.executor.id, ...agent.executor.fallbacks],
        prompt: 'the prompt',
        checkout,
        envelopePath,
        envelopeSchemaPath: join(checkout.scratchDir, 'envelope.schema.json'),
        baseEnv: { PATH: process.env.PATH, HOME: join(dir, 'home') },
        variables: { WAVE_RUN_MARKER: marker, WAVE_RESULT_ENVELOPE: envelopePath },
        limits: { hardLimitMs: 600_000, idleLimitMs: 0, rateLimitWaitMs: 600_000, tokens: null, usd: null },
        resume: null,
        attempt: 1,
        signal: new AbortController().signal,
        edges: {
          processes: createProcessEdge({ graceMs: 500 }),
          io: createAdapterIo(process.env.PATH ?? ''),
          writeFile: async (path, content) => {
            mkdirSync(dirname(path), { recursive: true });
            writeFileSync(path, content);
            return ok(undefined);
          },
        },
        clock: {
          now: () => performance.now(),
          sleep: async (ms) => {
            rig.waits.push(ms);
          },
        },
        onLine: (text) => rig.lines.push(text),
        writeTranscript: (line) => rig.transcript.push(line),
        recordEvent: (type, data) => rig.events.push({ type, data }),
        ...overrides,
      };
    },
    eventTypes: () => rig.events.map(({ type }) => type),
    survivors: async () => (await createProcessTable().listMarked(marker)).map(({ pid }) => pid),
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  };
  return rig;
}

function makeCheckout(dir: string): Checkout {
  const folder = (name: string) => {
    const path = join(dir, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const root = folder('checkout');
  folder('home');
  return {
    home: dir,
    root,
    workspaceDir: root,
    tmpDir: folder('tmp'),
    scratchDir: folder('scratch'),
    runnerGitDir: folder('git'),
    baseTree: '',
    withoutContent: [],
    env: { TMPDIR: join(dir, 'tmp') },
  };
}
