import { type ExecutorContext } from '@nx/devkit';
import { visibleName } from '../../core/terminal-text';
import { count } from '../../core/count';
import { describeFailure } from '../../core/views/describe-failure';
import { parallelHint } from '../../core/views/parallel-hint';
import { judgeStatus, writeWaveStatus } from '../../engine/wave/read-status';
import { printReasons, reportOpenWave } from '../../engine/wave/report-open-wave';
import { runLaunch } from '../../engine/wave/run-launch';
import { tellGithub } from '../../engine/wave/tell-github';
import { statusTable } from '../../engine/wave/status-table';
import { unignoredState } from '../../engine/wave/unignored-state';
import { gatherWave } from '../../engine/wave/wave-evidence';
import { withWave, type ExecutorSwitch } from '../with-wave';

/** Judges wave closure, writes the closure record and the integrated patch, and prints the summary. */
export default function launchExecutor(
  options: ExecutorSwitch,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      for (const advice of await unignoredState(session)) edges.print(describeFailure(advice));
      const stored = await gatherWave(session);
      const report = await runLaunch(session, stored);
      const { project } = session.wave.identity;
      if (!report.ok) {
        await reportOpenWave(session, [{ unitId: 'launch', failures: report.error }]);
        return false;
      }
      const closure = report.value;
      if (closure.state !== 'closed' && !closure.landed) {
        for (const one of session.refused) edges.print(describeFailure(one));
        await reportOpenWave(session, []);
        return false;
      }
      await writeWaveStatus(session, await judgeStatus(session, stored));
      await tellGithub(session);
      if (closure.state !== 'closed') {
        printReasons(closure, edges);
        return false;
      }
      statusTable(session, closure).forEach((line) => edges.print(line));
      if (closure.landed) {
        const landing = closure['landing'] as { state: string; paths?: string[] };
        edges.print(`${project} has landed (${landing.state}); no agent runs.`);
        for (const path of landing.paths ?? []) edges.print(`changed since it landed: ${visibleName(path)}`);
        edges.print('outcome: closed (landed)');
        return true;
      }
      edges.print(
        `${project} is closed: ${count(closure.agents.length, 'agent')} proven, ${count(closure.changes.length, 'changed path')}.`,
      );
      edges.print(`record: ${session.paths.closure}`);
      const hint = parallelHint(session.wave);
      if (hint !== null) edges.print(hint);
      edges.print(`next: ${closure.next ?? 'nothing'}`);
      edges.print('outcome: closed');
      return true;
    },
    options,
  );
}
