import { startAgent } from './agent';
import type { WorkKey } from './plan';
import { publish, type RunnerContext } from './runner';

/** The same machines and the same agents without a shared store: each clone has its own memory, lease and budget. */
export async function runAlone(context: RunnerContext, work: WorkKey): Promise<string> {
  const { world, truth, machine, disk, process, run, plan, cancelled } = context;
  const kept = disk.proofs.get(work.key) ?? disk.finished.get(work.key)?.content;
  if (kept !== undefined) return publish(context, work, kept, 'local');
  const spent = () =>
    truth.starts
      .filter((start) => start.runner.machine === machine)
      .reduce(
        (sum, { calls }) => sum + calls.reduce((all, { usd, to }) => all + (to === null ? 0 : usd), 0),
        0,
      );
  if (plan.budget !== null && spent() >= plan.budget) return 'budget-spent';
  const agent = startAgent(world, truth, {
    work,
    runner: process,
    run,
    from: disk.progress.get(work.key) ?? 0,
    outcome: context.endOf(work),
    onUsed: () => {
      if (plan.budget !== null && spent() >= plan.budget) agent.end('budget', 100);
    },
  });
  // Without a process above its group, an agent outlives a runner that is killed: the next one on this machine ends it.
  cancelled.addEventListener('abort', () => process.deliver(() => agent.end('drained', 1_000)), {
    once: true,
  });
  process.onEnd(() => agent.end('watchdog', 30_000));
  await agent.ended;
  disk.progress.set(work.key, agent.progress());
  if (agent.start.content === null) return agent.start.outcome ?? 'cut off';
  disk.finished.set(work.key, { content: agent.start.content, startId: agent.start.id });
  agent.start.settledAt = world.now();
  return publish(context, work, agent.start.content, 'proven');
}
