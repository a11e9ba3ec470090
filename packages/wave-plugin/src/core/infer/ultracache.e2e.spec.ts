/** What Nx makes of the inputs in `targets.ts` where it has a recording of what an earlier run read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProjectGraph } from '@nx/devkit';
import { closeDbConnection, connectToNxDb, HashPlanner, UltracacheConfigurationStore } from 'nx/src/native';
import { transformProjectGraphForRust } from 'nx/src/native/transform-objects';
import { createTaskGraph } from 'nx/src/tasks-runner/create-task-graph';
import { buildAgent, buildWave } from '../../testing/resolved';
import { knowsUltracache } from './nx-facts';
import { inferTargets } from './targets';

const wave = buildWave([
  buildAgent({ contextPaths: ['docs/plan.md'], proofCommands: ['true'] }),
  buildAgent({ unitId: 'A2', agentId: 'A2', target: 'agent-a2', dependsOn: ['A1'], ownedPaths: ['b/'] }),
  buildAgent({ unitId: 'A8', agentId: 'A8', target: 'agent-a8', stage: 'integration', ownedPaths: ['c/'] }),
]);
const commit = 'a'.repeat(40);
const tasks = [
  'agent-a1',
  'agent-a2',
  'gate-implementation',
  'agent-a8',
  'gate-integration',
  'prove',
  'launch',
].map((target) => `wave-3:${target}`);

/** What the planner of the installed Nx hashes each task by: as declared, and with a recording of every task. */
function plansOf({ ultracache }: { ultracache: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-recording-'));
  const db = connectToNxDb(folder, 'recording');
  try {
    const { name, root, targets } = inferTargets(wave, {
      root: 'docs/plans/waves/wave-3',
      targetPrefix: '',
      ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
      shadowed: [],
      ultracache,
    });
    const graph: ProjectGraph = {
      nodes: { [name]: { name, type: 'app', data: { root, targets: targets as never } } },
      dependencies: { [name]: [] },
      externalNodes: {},
    };
    const taskGraph = createTaskGraph(graph, {}, [name], ['launch'], undefined, {});
    const recording = { commit, inputs: ['src/what-it-read.ts'], outputs: [] };
    const recorded = new UltracacheConfigurationStore(db).import({
      requestedCommit: commit,
      configurationsJson: JSON.stringify(Object.fromEntries(tasks.map((task) => [task, recording]))),
    });
    const planner = new HashPlanner({}, transformProjectGraphForRust(graph));
    return {
      declared: planner.getPlans(tasks, taskGraph),
      recorded: planner.getPlans(tasks, taskGraph, recorded),
    };
  } finally {
    closeDbConnection(db);
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a recording of what a task read', () => {
  it.each(tasks)('changes nothing that %s is hashed by', (task) => {
    const { declared, recorded } = plansOf({ ultracache: true });
    expect(declared[task]).toContainEqual(expect.stringMatching(/^(runtime|workspace):/));
    expect(recorded[task]).toEqual(declared[task]);
  });

  it('would take the context files and the verdict from an agent that does not refuse it', () => {
    const { declared, recorded } = plansOf({ ultracache: false });
    const [first, last] = ['wave-3:agent-a1', 'wave-3:agent-a8'];
    expect(declared[first]?.join()).toContain('docs/plan.md');
    expect(recorded[first]?.join()).not.toContain('docs/plan.md');
    expect(recorded[last]).not.toEqual(declared[last]);
  });

  it.each([
    ['23.2.1', false],
    ['23.3.0', true],
    ['24.0.0', true],
    ['25.1.0-rc.1', true],
    [null, true],
  ])('is known to Nx %s: %s', (version, known) => {
    expect(knowsUltracache(version)).toBe(known);
  });
});
