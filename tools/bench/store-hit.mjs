import { createBenchWorkspace, timed } from './bench-workspace.mjs';
import { inTurn, report } from './report.mjs';

/**
 * What a proof from the store costs where the cache of Nx has nothing: `node tools/bench/store-hit.mjs`.
 * The published packages in a workspace of their own, against an executor that does nothing, one after the other in the
 * same run.
 */
const rounds = Number(process.env.NX_WAVE_BENCH_ROUNDS ?? 7);
const budget = 1.2;
const bench = createBenchWorkspace();
try {
  layOut(bench);
  const run = (task, says) => bench.run(task, { says, args: ['--skip-nx-cache'] });
  run('wave-1:agent-a1');
  const { wall } = inTurn(rounds, {
    ours: () => ({ wall: timed(() => run('wave-1:agent-a1', 'from the proof store, no agent runs')) }),
    floor: () => ({ wall: timed(() => run('empty:run')) }),
  });
  report('a proof from the store against an executor that does nothing', [
    { name: 'store hit', unit: 'ms', budget, ...wall },
  ]);
} finally {
  bench.remove();
}

/** One wave, and one project with the empty executor. */
function layOut({ write, json, commit }) {
  json('empty/project.json', { name: 'empty', targets: { run: { executor: 'empty:noop', inputs: [] } } });
  write(
    'docs/plans/waves/wave-1.md',
    '# Wave 1 - Bench\n\n## Agent A1: Writes a file\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n' +
      '### Prompt\n\n```text\nWrite it.\n\nFile ownership (only touch these paths):\n- src/a.txt\n```\n',
  );
  write(
    'agent.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('src', { recursive: true });
writeFileSync('src/a.txt', 'written');
const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
const implementation = { docDelta: { state: 'none', paths: [], detail: null }, components: [] };
const envelope = { schemaVersion: 2, agentId: 'A1', role: 'implementation', proof, implementation };
writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify(envelope));
`,
  );
  json('node_modules/empty/package.json', { name: 'empty', version: '0.0.0', executors: './executors.json' });
  json('node_modules/empty/executors.json', {
    executors: { noop: { implementation: './noop.js', schema: './schema.json', description: 'Nothing.' } },
  });
  json('node_modules/empty/schema.json', { version: 2, type: 'object', properties: {} });
  write('node_modules/empty/noop.js', 'module.exports = { default: async () => ({ success: true }) };\n');
  commit();
}
