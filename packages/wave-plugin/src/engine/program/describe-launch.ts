import { join } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { type AdapterIo, type ExecutorAdapter, type LaunchSpec } from '../../adapters/adapter';
import { type ResolvedAgent, type ResolvedWave } from '../../core/model';
import { type Checkout } from '../../edges/git/contracts';
import { agentEnvironment } from '../../edges/processes/environment';
import { launchNotices } from './launch-notices';

/** What one launch is made of. Absolute paths. */
export interface LaunchGround {
  wave: ResolvedWave;
  agent: ResolvedAgent;
  adapter: ExecutorAdapter;
  checkout: Pick<Checkout, 'workspaceDir' | 'scratchDir' | 'tmpDir' | 'env'>;
  prompt: string;
  envelopePath: string;
  envelopeSchemaPath: string;
  /** JSON Schema of the envelope, parsed; null where it could not be read. */
  envelopeSchema: unknown;
  io: AdapterIo;
  /** The environment that the runner itself has. */
  baseEnv: Readonly<Record<string, string | undefined>>;
  /** `WAVE_*` of this agent. */
  variables: Readonly<Record<string, string>>;
  resumeSessionId: string | null;
  /** True where a cage of ours stands in for the program's own sandbox. */
  caged?: boolean;
}

/** A launch as data: what `plan` prints is what is started. */
export interface DescribedLaunch {
  spec: LaunchSpec;
  /** Of the program, before the adapter's own variables. */
  env: Record<string, string>;
  /** Folders outside the checkout that it may write to: temp folder, private caches. */
  writableDirs: string[];
  /** With whatever secrets there are in them. */
  notices: string[];
}

/** Builds the launch of an agent. Nothing is started, written or looked up on PATH. Codes: those of the adapter. */
export function describeLaunch(ground: LaunchGround): Result<DescribedLaunch> {
  const { wave, agent, adapter, checkout } = ground;
  const settings = wave.settings.executors[adapter.executorId] ?? {};
  const bin = join(checkout.workspaceDir, 'node_modules', '.bin');
  const env = agentEnvironment(ground.baseEnv, {
    allow: Array.isArray(settings['env']) ? settings['env'].map(String) : [],
    adapterNames: [...adapter.envNames],
    set: { ...checkout.env, ...ground.variables, PATH: [bin, checkout.env.PATH ?? ''].join(':') },
  });
  const writableDirs = [checkout.tmpDir, env.NX_CACHE_DIRECTORY, env.NX_WORKSPACE_DATA_DIRECTORY].filter(
    (folder) => folder !== undefined,
  );
  const spec = adapter.buildLaunchSpec(agent, wave, {
    prompt: ground.prompt,
    checkoutDir: checkout.workspaceDir,
    scratchDir: checkout.scratchDir,
    envelopePath: ground.envelopePath,
    envelopeSchemaPath: ground.envelopeSchemaPath,
    envelopeSchema: ground.envelopeSchema,
    writableDirs,
    io: ground.io,
    env,
    resumeSessionId: ground.resumeSessionId,
    ...(ground.caged === true ? { caged: true } : {}),
  });
  if (!spec.ok) return spec;
  const notices = launchNotices(spec.value, { wave, agent, adapter });
  return ok({ spec: spec.value, env, writableDirs, notices });
}
