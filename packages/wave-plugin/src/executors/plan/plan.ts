import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { planLines } from '../../core/views/plan';
import { planWave } from '../../engine/wave/plan-wave';
import { settingsOf } from '../open-wave';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface PlanOptions extends ExecutorSwitch {
  /** Prints the plan as JSON. */
  json?: boolean;
  /** Prints every prompt in full. */
  prompts?: boolean;
}

/** Shows what a launch would do. Starts nothing and needs no program of any executor. */
export default function planExecutor(
  options: PlanOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const planned = await planWave(session);
      if (!planned.ok) return refuse(session, [planned.error]);
      const { prompts } = planned.value;
      const settings = settingsOf(context, [session.wave.identity.path]);
      const stops = settings.filter(({ severity }) => severity === 'error');
      const advice = settings.filter(({ severity }) => severity !== 'error');
      const plan = {
        ...planned.value.plan,
        stops: [...stops, ...planned.value.plan.stops],
        warnings: [...advice, ...planned.value.plan.warnings],
      };
      if (options.json === true) {
        const texts = options.prompts === true ? { prompts: Object.fromEntries(prompts) } : {};
        edges.print(canonicalJson({ ...plan, ...texts }));
      } else planLines(plan, options.prompts === true ? prompts : null).forEach((line) => edges.print(line));
      return true;
    },
    options,
  );
}
