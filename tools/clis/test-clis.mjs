import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer } from '../model-server/server.mjs';
import { installPrograms } from './install.mjs';
import { homeVariables, programs } from './programs.mjs';
import { scenarios, secret, workOf } from './scenarios.mjs';
import { loadSource, root } from './source.mjs';

/**
 * `npm run test:clis`: real waves with the real agent programs, one at a time, against a scripted model on loopback.
 * `--smoke`: one success per program. A name of a program or scenario limits the run to it.
 */
const flags = process.argv.slice(2);
const smoke = flags.includes('--smoke');
const names = flags.filter((flag) => !flag.startsWith('--'));
const pick = (all) => {
  const chosen = all.filter((name) => names.includes(name));
  return chosen.length === 0 ? all : chosen;
};

const { createWaveRig } = loadSource('testing/rig.ts');
const { createProcessTable } = loadSource('edges/processes/process-table.ts');
/** Waits for rate limits are asked for and not sat through. */
const quickClock = { now: () => performance.now(), sleep: async () => undefined };
/** Without a sandbox on the machine this program runs no command unasked. */
const extraOptions = { claude: { allowed_tools: ['Bash'] } };
const install = installPrograms(root, programs);
const server = await startModelServer();
const results = [];

const onlyMixed = names.length === 1 && names[0] === 'mixed';
for (const id of onlyMixed ? [] : pick(programs.map((program) => program.id))) {
  for (const name of smoke ? ['success'] : pick(Object.keys(scenarios)))
    await check(`${id}: ${name}`, () => runScenario(id, name));
}
if (!smoke && (names.length === 0 || names.includes('mixed')))
  await check('six agents on three programs', runMixedWave);
await server.close();
const failed = results.filter(({ problems }) => problems.length > 0);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs one case and says what is wrong with it; a throw is a defect and counts as one problem. */
async function check(title, run) {
  const started = performance.now();
  let problems;
  try {
    problems = await run();
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  results.push({ title, problems });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}  ${title} (${seconds} s)`);
  for (const problem of problems) console.log(`        ${problem}`);
}

async function runScenario(id, name) {
  const scenario = scenarios[name];
  const path = { codex: '/responses', claude: '/messages', opencode: '/completions' }[id];
  const own = scenario.limitOwnProtocol ? [{ ...scenario.limitOwnProtocol, only: path }] : [];
  server.use({ [name]: { ...scenario.script, faults: [...(scenario.script.faults ?? []), ...own] } });
  const spare = { codex: 'claude', claude: 'opencode', opencode: 'claude' }[id];
  const chain = scenario.fallback ? [id, spare] : [id];
  const rig = makeRig(
    [
      {
        id: 'A1',
        prompt: `[test-script:${name}]`,
        executorId: id,
        executor: executorLines(chain),
        command: null,
      },
    ],
    scenario.config,
  );
  const stop = new AbortController();
  const watch = setInterval(() => {
    if (scenario.cancelAtFirstRequest && server.requests.some(({ script }) => script === name)) stop.abort();
  }, 50);
  try {
    const launch = await rig.launch({ signal: stop.signal, clock: quickClock });
    const problems = judge(rig, launch, scenario, id);
    if (scenario.expect === 'proven') problems.push(...(await relaunch(rig)));
    return [...problems, ...(await survivors(rig))];
  } finally {
    clearInterval(watch);
    rig.dispose();
  }
}

function judge(rig, launch, scenario, id) {
  const problems = [];
  const ended = launch.tasks['agent-a1'];
  const codes = launch.failures.map(({ code }) => code);
  if (ended !== scenario.expect)
    problems.push(`agent-a1 ended ${ended}: ${launch.failures.map(({ message }) => message).join(' ')}`);
  if (scenario.code && !codes.includes(scenario.code))
    problems.push(`failure codes are ${codes.join()}, not ${scenario.code}`);
  const events = bundleFiles(rig)
    .filter((file) => file.endsWith('events.jsonl'))
    .map((file) => readFileSync(file, 'utf8'));
  const starts = Math.max(0, ...events.map((text) => text.split('"program.started"').length - 1));
  const wanted = scenario.startsOf?.[id] ?? scenario.starts;
  if (wanted !== undefined && starts !== wanted)
    problems.push(`the program was started ${starts} times, not ${wanted}`);
  if (scenario.fallback && !events.some((text) => text.includes('"program.fell-back"')))
    problems.push('no event tells of the fallback');
  const leaks = bundleFiles(rig).filter((file) => readFileSync(file).includes(secret));
  if (leaks.length > 0) problems.push(`the secret is in ${leaks.join()}`);
  if (launch.lines.some((line) => line.includes(secret))) problems.push('the secret was printed');
  if (id !== 'local' && server.requests.some(({ authorized, script }) => script !== null && !authorized))
    problems.push('a request had no login');
  if (rig.git('status', '--porcelain') !== '')
    problems.push(`the user's tree changed: ${rig.git('status', '--porcelain')}`);
  return problems;
}

/** What is proven is not paid again. */
async function relaunch(rig) {
  const before = server.requests.length;
  const again = await rig.launch({ clock: quickClock });
  const problems = [];
  if (Object.values(again.tasks).includes('failed')) problems.push('launching again failed');
  if (server.requests.length !== before) problems.push('launching again asked the model');
  return problems;
}

async function runMixedWave() {
  const placing = { A1: 'codex', A2: 'claude', A3: 'opencode', A8: 'claude', A9: 'codex', A0: 'opencode' };
  server.use(Object.fromEntries(Object.keys(placing).map((agent) => [agent, { steps: workOf(agent) }])));
  const agents = Object.entries(placing).map(([id, program]) => ({
    id,
    prompt: `[test-script:${id}]`,
    executorId: program,
    executor: executorLines([program]),
    command: null,
  }));
  const rig = makeRig(agents);
  try {
    const launch = await rig.launch({ clock: quickClock });
    const problems =
      launch.closure?.state === 'closed'
        ? []
        : [
            `the wave is ${launch.closure?.state}: ${launch.failures.map(({ message }) => message).join(' ')}`,
          ];
    return [...problems, ...(await relaunch(rig)), ...(await survivors(rig))];
  } finally {
    rig.dispose();
  }
}

/** Everything that a program may take for the user's own is a folder of the rig. */
function makeRig(agents, config = {}) {
  const home = join(root, '.tmp', 'clis', 'homes', String(results.length));
  const folders = homeVariables(home);
  // The rig has one of its own, with an identity for git.
  delete folders.HOME;
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const logins = Object.assign({}, ...programs.map((program) => program.env(server.url)));
  // Here, not in the agents: an agent declares nothing for a program that is only its spare.
  const executors = Object.fromEntries(
    programs.map((program) => [
      program.id,
      { command: program.binary(install), ...program.options(server.url), ...extraOptions[program.id] },
    ]),
  );
  executors.opencode.config_json = { model: 'lab/lab-model', ...executors.opencode.config_json };
  return createWaveRig({
    agents,
    config: { executors: { default: 'local', ...executors }, ...config },
    env: { ...folders, ...logins, SERVICE_TOKEN: secret },
  });
}

/** The lines under `### Executor`: the first program of the chain, the others as fallbacks. */
function executorLines(chain) {
  const [first, ...others] = chain;
  const model = programs.find((one) => one.id === first).model;
  return [
    `model: ${model}`,
    ...(others.length === 0 ? [] : [`fallbacks: ${others.join()}`, 'allow-fallback-on-retry: true']),
  ];
}

function bundleFiles(rig) {
  return [join(rig.root, '.tmp'), join(rig.root, '.git', 'nx-wave')].flatMap((folder) => {
    try {
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    } catch {
      return [];
    }
  });
}

/** Whatever the outcome: nothing that the wave started is left. */
async function survivors(rig) {
  const listed = await createProcessTable().list();
  const left = listed.filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(rig.dir);
    } catch {
      return false;
    }
  });
  return left.map(
    ({ pid }) =>
      `process ${pid} was left: ${execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`,
  );
}
