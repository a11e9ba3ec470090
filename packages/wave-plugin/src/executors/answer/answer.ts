import { type ExecutorContext } from '@nx/devkit';
import { runAnswer } from '../../engine/wave/run-answer';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface AnswerOptions extends ExecutorSwitch {
  request?: string;
  text?: string;
  by?: string;
}

/** Answers a question that an agent asked; the answer reaches its next prompt. */
export default function answerExecutor(
  options: AnswerOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const report = await runAnswer(session, options);
      if (!report.ok) return refuse(session, [report.error]);
      edges.print(`recorded: ${report.value.path}`);
      edges.print(`next: nx run ${session.wave.identity.project}:launch`);
      return true;
    },
    options,
  );
}
