import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quotaError } from '../model-server/openai-error.mjs';
import { startModelServer } from '../model-server/server.mjs';
import { installPrograms } from './install.mjs';
import { homeVariables, programs } from './programs.mjs';
import { scrubTranscript } from './scrub.mjs';
import { loadSource, root } from './source.mjs';

/**
 * Records what each program prints, per version, for the fast tests of the adapters:
 * `node tools/clis/record.mjs [program…]`. Run it after a new version was pinned, and read the difference.
 */
const forever = 99;
const work = [
  { write: 'src/new.txt', content: 'new\n', say: 'Writing the file.' },
  { run: 'ls src', say: 'Looking at it.' },
];
const scenarios = {
  success: { steps: work, final: 'All done.' },
  'rate-limit': { faults: [{ status: 429, retryAfter: 1, times: forever }] },
  quota: { faults: [{ status: 429, body: quotaError, times: forever }] },
  auth: { faults: [{ status: 401, times: forever }] },
  overload: { faults: [{ status: 529, times: forever }] },
  network: { faults: [{ kind: 'cut', times: forever }] },
  'bad-request': { faults: [{ status: 400, times: forever }] },
  hang: { faults: [{ kind: 'hang', times: forever }] },
};

const { runProgram } = loadSource('engine/program/run-program.ts');
const { createProgramRig } = loadSource('testing/program-rig.ts');
const { buildAgent, buildExecutor } = loadSource('testing/resolved.ts');

const wanted = process.argv.slice(2);
const chosen = programs.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const install = installPrograms(root, programs);
const server = await startModelServer(scenarios);
for (const program of chosen) {
  const target = join(
    root,
    'packages/wave-plugin/src/adapters/__transcripts__',
    `${program.id}-${program.version}`,
  );
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of Object.keys(scenarios)) {
    server.use(scenarios);
    const rig = createProgramRig();
    const env = { ...homeVariables(rig.dir), ...program.env(server.url), PATH: process.env.PATH };
    for (const folder of Object.values(homeVariables(rig.dir))) mkdirSync(folder, { recursive: true });
    const options = { command: program.binary(install), ...program.options(server.url) };
    const agent = buildAgent({ executor: buildExecutor(program.id, options, { model: program.model }) });
    const result = await runProgram(
      rig.request({
        agent,
        baseEnv: env,
        prompt: `Do the task. [test-script:${name}]`,
        limits: {
          hardLimitMs: name === 'hang' ? 8_000 : 150_000,
          idleLimitMs: 0,
          rateLimitWaitMs: 0,
          tokens: null,
          usd: null,
        },
      }),
    );
    const { code, signal } = result.exit ?? { code: null, signal: null };
    const header = JSON.stringify({ program: program.id, version: program.version, exit: { code, signal } });
    const lines = scrubTranscript(rig.transcript, rig.dir);
    writeFileSync(join(target, `${name}.jsonl`), `${[header, ...lines].join('\n')}\n`);
    console.log(`${program.id} ${name}: ${result.outcome.kind}, ${lines.length} lines`);
    rig.dispose();
  }
}
await server.close();
