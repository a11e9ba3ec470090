import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer } from '../model-server/server.mjs';
import { installPrograms } from './install.mjs';
import { homeVariables, programs } from './programs.mjs';
import { recordings } from './recordings.mjs';
import { scrubTranscript } from './scrub.mjs';
import { loadSource, root } from './source.mjs';

/**
 * Records what each program prints, per version, for the fast tests of the adapters:
 * `node tools/clis/record.mjs [program…] [recording…]`. Run it after a new version was pinned, and read the difference.
 */
const { runProgram } = loadSource('engine/program/run-program.ts');
const { createProgramRig } = loadSource('testing/program-rig.ts');
const { buildAgent, buildExecutor } = loadSource('testing/resolved.ts');

const words = process.argv.slice(2);
const pick = (all) => {
  const chosen = all.filter((name) => words.includes(name));
  return chosen.length === 0 ? all : chosen;
};
const names = pick(Object.keys(recordings));
const chosen = pick(programs.map(({ id }) => id));
const install = installPrograms(root, programs);
const server = await startModelServer();
for (const program of programs.filter(({ id }) => chosen.includes(id))) {
  const target = join(
    root,
    'packages/wave-plugin/src/adapters/__transcripts__',
    `${program.id}-${program.version}`,
  );
  if (names.length === Object.keys(recordings).length) rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of names.filter((one) => recordings[one].only?.includes(program.id) ?? true)) {
    const { head, lines, outcome } = await record(program, name);
    writeFileSync(join(target, `${name}.jsonl`), `${[JSON.stringify(head), ...lines].join('\n')}\n`);
    console.log(`${program.id} ${name}: ${JSON.stringify(outcome)}, ${lines.length} lines`);
  }
}
await server.close();

/** Runs the program once, or a second time in the same session, and keeps what it prints. */
async function record(program, name) {
  const { script, budget = {}, resumed = false, limitMs = 150_000 } = recordings[name];
  server.use({ [name]: script });
  const rig = createProgramRig();
  const homes = homeVariables(rig.dir);
  for (const folder of Object.values(homes)) mkdirSync(folder, { recursive: true });
  const options = { command: program.binary(install), ...program.options(server.url) };
  const request = {
    agent: buildAgent({ executor: buildExecutor(program.id, options, { model: program.model, budget }) }),
    baseEnv: { ...homes, ...program.env(server.url), PATH: process.env.PATH },
    prompt: `Do the task. [test-script:${name}]`,
    limits: { hardLimitMs: limitMs, idleLimitMs: 0, rateLimitWaitMs: 0, tokens: null, usd: null },
  };
  let result = await runProgram(rig.request(request));
  const before = resumed ? result.usage : null;
  if (resumed) {
    rig.transcript.length = 0;
    const resume = { sessionId: result.sessionId, usage: before };
    result = await runProgram(rig.request({ ...request, prompt: 'Once more.', resume }));
  }
  const { code, signal } = result.exit ?? { code: null, signal: null };
  const { id, version } = program;
  const head = { program: id, version, exit: { code, signal }, ...(resumed ? { before } : {}) };
  const lines = scrubTranscript(rig.transcript, rig.dir);
  rig.dispose();
  return { head, lines, outcome: result.outcome };
}
