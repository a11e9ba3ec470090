import { type ExecutorContext } from '@nx/devkit';
import { visibleName } from '../../core/terminal-text';
import { failure } from '@nx-wave/schemas/plain';
import { count } from '../../core/count';
import { runLand, type LandOptions } from '../../engine/wave/run-land';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface LandExecutorOptions extends ExecutorSwitch {
  /** One commit on HEAD, ledger entry included. */
  commit?: boolean;
  /** A commit on a new branch; the working tree is not touched. */
  branch?: string;
  dryRun?: boolean;
  by?: string;
}

/** Applies the integrated patch of a closed wave, all or nothing. */
export default function landExecutor(
  options: LandExecutorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const { project } = session.wave.identity;
      if (options.commit && options.branch !== undefined) {
        return refuse(session, [
          failure('option-invalid', '--commit and --branch exclude each other.', {
            next: `nx run ${project}:land --commit`,
          }),
        ]);
      }
      const mode: LandOptions['mode'] = options.dryRun
        ? 'dry-run'
        : options.commit
          ? 'commit'
          : options.branch
            ? 'branch'
            : 'tree';
      const by = options.by ?? edges.env['USER'] ?? edges.env['LOGNAME'] ?? 'nx-wave land';
      const report = await runLand(session, {
        mode,
        by,
        ...(options.branch === undefined ? {} : { branch: options.branch }),
      });
      if (!report.ok) return refuse(session, report.error);
      const { changes, commit, entry, provedAgain } = report.value;
      if (provedAgain) edges.print('proved again: the base has changed since the launch');
      for (const { path, before, after } of changes) {
        edges.print(
          `${before === null ? 'added  ' : after === null ? 'deleted' : 'changed'} ${visibleName(path)}`,
        );
      }
      const where = commit === null ? 'the working tree' : `commit ${commit}`;
      if (mode === 'dry-run')
        edges.print(`${project} would land ${count(changes.length, 'path')}; nothing was changed.`);
      else
        edges.print(
          `${project} has landed in ${where}: ${count(changes.length, 'path')}${entry ? `, ledger entry ${entry.id}` : ''}.`,
        );
      return true;
    },
    options,
  );
}
