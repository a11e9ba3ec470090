import { type ExecutorContext } from '@nx/devkit';
import { watchWave } from '../../engine/wave/watch-wave';
import { openWave } from '../open-wave';
import { drawnOn } from '../terminal';
import { withWave, type ExecutorSwitch } from '../with-wave';
import { openScreen } from './screen';

export interface WatchOptions extends ExecutorSwitch {
  /** Shows the wave as it is now, and ends. */
  once?: boolean;
  /** Lines that follow each other, also on a terminal. */
  plain?: boolean;
}

/** Shows the agents of a wave while it runs, until its launch has ended. Only reads. */
export default function watchExecutor(
  options: WatchOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const screen = openScreen(session, { plain: options.plain === true, out: drawnOn() });
      const open = () => openWave(context, options.executor);
      await watchWave(session, screen, { once: options.once === true, open });
      return true;
    },
    { ...options, isQuiet: true },
  );
}
