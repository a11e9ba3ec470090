import { resolve } from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { failure } from '@nx-wave/schemas/plain';
import { type ChangeSource } from '../../engine/agent/person-change';
import { runAdopt } from '../../engine/agent/run-adopt';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface AdoptOptions extends ExecutorSwitch {
  /** Unit id: `A2`. */
  agent: string;
  /** A patch file; the working tree where neither this nor `branch` is given. */
  patch?: string;
  /** A branch of this repository. */
  branch?: string;
  /** File with the envelope, for roles whose result is a judgement. */
  envelope?: string;
  by?: string;
  reason?: string;
}

/** Takes a person's change as the slice of an agent, verified like any other. */
export default function adoptExecutor(
  options: AdoptOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const { project } = session.wave.identity;
      const { patch, branch } = options;
      if (patch !== undefined && branch !== undefined)
        return refuse(session, [
          failure('option-invalid', '--patch and --branch name two changes.', { next: 'Give one of them.' }),
        ]);
      const source: ChangeSource =
        patch !== undefined
          ? { kind: 'patch', path: resolve(context.root, patch) }
          : branch !== undefined
            ? { kind: 'branch', name: branch }
            : { kind: 'tree' };
      const { agent, envelope, by, reason } = options;
      const adopted = await runAdopt(session, {
        agent,
        source,
        envelopePath: envelope ?? null,
        ...(by === undefined ? {} : { by }),
        ...(reason === undefined ? {} : { reason }),
      });
      if (!adopted.ok) return refuse(session, adopted.error);
      edges.print(`adopted: ${adopted.value.proofBundleId}`);
      edges.print(`recorded: ${adopted.value.path}`);
      edges.print(`next: nx run ${project}:launch`);
      return true;
    },
    options,
  );
}
