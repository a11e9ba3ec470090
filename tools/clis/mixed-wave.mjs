import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeVariables } from './programs.mjs';
import { workOf } from './scenarios.mjs';
import { loadSource, root } from './source.mjs';

const number = 91;
const placing = { A1: 'codex', A2: 'claude', A3: 'opencode', A8: 'claude', A9: 'codex', A0: 'opencode' };

/**
 * Six agents on three programs, as Nx tasks in the workspace of a user: the wave closes; launching it again, from the
 * cache of Nx and without it, starts none of them.
 */
export async function runMixedWave({ server, config, env, executorLines, survivors }) {
  const { waveText } = loadSource('testing/rig-wave.ts');
  const { createWorkspace } = createRequire(join(root, 'package.json'))(join(root, 'tools/e2e/workspace.ts'));
  server.use(Object.fromEntries(Object.keys(placing).map((agent) => [agent, { steps: workOf(agent) }])));
  const agents = Object.entries(placing).map(([id, program]) => ({
    id,
    prompt: `[test-script:${id}]`,
    executorId: program,
    executor: executorLines([program]),
    command: null,
  }));
  const clone = createWorkspace('user', (folder) => {
    writeFileSync(join(folder, 'wave.config.json'), JSON.stringify(config));
    mkdirSync(join(folder, 'docs', 'plans', 'waves'), { recursive: true });
    writeFileSync(join(folder, 'docs', 'plans', 'waves', `wave-${number}.md`), waveText(number, agents));
  });
  const homes = homeVariables(join(clone.dir, 'homes'));
  for (const folder of Object.values(homes)) mkdirSync(folder, { recursive: true });
  // The workspace has a home of its own, with an identity for git.
  delete homes.HOME;
  const problems = [];
  const launch = async (title, expected) => {
    const before = server.requests.length;
    const run = await clone.nx(['run', `wave-${number}:launch`], { ...env, ...homes });
    if (run.code !== 0) problems.push(`${title} ended with ${run.code}:\n${run.output.slice(-4_000)}`);
    else if (clone.closure(number).state !== 'closed') problems.push(`${title} did not close the wave`);
    const asked = server.requests.length - before;
    if (expected === 'asks' && asked === 0) problems.push(`${title} asked no model`);
    if (expected === 'asks nobody' && asked > 0) problems.push(`${title} asked the model ${asked} times`);
  };
  try {
    const untouched = clone.fingerprint();
    await launch('the launch', 'asks');
    const executors = Object.fromEntries(
      Object.keys(placing).map((id) => {
        const manifest = clone.readJson(
          `.tmp/main-wave-launcher/results/wave-${number}/attempt-1/${id}/manifest.json`,
        );
        return [id, manifest.predicate.executor.id];
      }),
    );
    if (JSON.stringify(executors) !== JSON.stringify(placing))
      problems.push(`the agents ran on ${JSON.stringify(executors)}`);
    await launch('launching again', 'asks nobody');
    await clone.nx(['reset']);
    clone.remove('.tmp');
    await launch('launching again without the cache of Nx and the state folder', 'asks nobody');
    if (clone.fingerprint() !== untouched) problems.push('the repository of the user changed');
    return [...problems, ...(await survivors(clone.dir))];
  } finally {
    clone.dispose();
  }
}
