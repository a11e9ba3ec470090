import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBenchWorkspace } from './bench-workspace.mjs';
import { report } from './report.mjs';

/**
 * The most memory that an agent task takes while its agent talks: `node tools/bench/memory.mjs [megabytes]`, 100 where absent,
 * beside the same agent that says one megabyte. A count of the system, the same on a busy machine.
 */
const megabytes = Number(process.argv[2] ?? 100);
/** Megabytes: what is said has no part in it. */
const budget = 200;
const here = dirname(fileURLToPath(import.meta.url));
const peak = { [megabytes]: peakOf(megabytes), 1: peakOf(1) };
report('peak memory of an agent task', [
  { name: 'peak memory, transcript of 1 MB', ours: peak[1], unit: 'MB' },
  { name: `peak memory, transcript of ${megabytes} MB`, ours: peak[megabytes], unit: 'MB', budget },
]);

/** Of a task whose agent prints so many megabytes, in lines of a kilobyte. */
function peakOf(size) {
  const bench = createBenchWorkspace();
  try {
    bench.write(
      'docs/plans/waves/wave-1.md',
      '# Wave 1 - Bench\n\n## Agent A1: Talks\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n' +
        '### Prompt\n\n```text\nTalk.\n\nFile ownership (only touch these paths):\n- src/a.txt\n```\n',
    );
    bench.write(
      'agent.mjs',
      `import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
for (let at = 0; at < ${size * 1024}; at += 1)
  if (!process.stdout.write(String(at).padEnd(1023, ' talking') + '\\n')) await once(process.stdout, 'drain');
mkdirSync('src', { recursive: true });
writeFileSync('src/a.txt', 'written');
const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
const implementation = { docDelta: { state: 'none', paths: [], detail: null }, components: [] };
const envelope = { schemaVersion: 2, agentId: 'A1', role: 'implementation', proof, implementation };
writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify(envelope));
`,
    );
    bench.commit();
    const env = { NODE_OPTIONS: `--require ${join(here, 'count-work.cjs')}`, COUNT_WORK: bench.folder };
    bench.run('wave-1:agent-a1', { env, says: 'proven: ' });
    const [{ peakMb }] = bench.readLines('counts.jsonl').map((line) => JSON.parse(line));
    return peakMb;
  } finally {
    bench.remove();
  }
}
