import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { readDecision } from '../../engine/session/ledger-writer';
import { commandLinesAbove } from '../../edges/processes/process-table';
import { misspelledAgents } from '../../core/retry/option-of-nx';
import { runRetry } from '../../engine/wave/run-retry';
import { describePlan } from '../../core/views/describe-plan';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface RetryOptions extends ExecutorSwitch {
  apply?: boolean;
  /** Comma-separated ids, or several options. Not `agents`: that is an option of Nx itself and would never arrive. */
  agent?: string | string[];
  fresh?: boolean;
  json?: boolean;
  whatIf?: string;
  by?: string;
  reason?: string;
}

export function readList(value: string | string[] | undefined): string[] {
  return (Array.isArray(value) ? value : [value ?? '']).flatMap((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
}

/** Prints the retry plan; `--apply` records it in the ledger. Never runs an agent itself. */
export default function retryExecutor(
  options: RetryOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const { project } = session.wave.identity;
      if (options.agent === undefined) {
        const misspelled = misspelledAgents(await commandLinesAbove(6), project);
        if (misspelled !== null) return refuse(session, [misspelled]);
      }
      let apply = null;
      if (options.apply) {
        const decision = readDecision(
          {
            by: options.by ?? edges.env['USER'] ?? edges.env['LOGNAME'] ?? 'nx-wave retry',
            reason: options.reason ?? 'applied the retry plan',
          },
          `nx run ${project}:retry --apply`,
        );
        if (!decision.ok) return refuse(session, [decision.error]);
        apply = decision.value;
      }
      const report = await runRetry(session, {
        agents: readList(options.agent),
        fresh: options.fresh ?? false,
        whatIf: options.whatIf ?? null,
        apply,
      });
      if (!report.ok) return refuse(session, report.error);
      const { plan, applied } = report.value;
      if (options.json) edges.print(canonicalJson(plan));
      else describePlan(plan).forEach((line) => edges.print(line));
      if (applied) {
        edges.print(`recorded: ${applied.path}`);
        edges.print(`next: nx run ${project}:launch`);
      } else if (plan.invalidated.length > 0 && !options.apply)
        edges.print(`next: nx run ${project}:retry --apply`);
      return true;
    },
    options,
  );
}
