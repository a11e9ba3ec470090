import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { startModelServer } from '../model-server/server.mjs';
import { unknownFlags } from './flags.mjs';
import { installPrograms } from './install.mjs';
import { runDraft } from './draft.mjs';
import { runMixedWave } from './mixed-wave.mjs';
import { homeVariables, programs } from './programs.mjs';
import { scenarios, secret } from './scenarios.mjs';
import { loadSource, root } from './source.mjs';
import { lookAround, ownTempFolder, startGatekeeper } from './surroundings.mjs';

/**
 * `npm run test:clis`: real waves with the real agent programs, one at a time, against a scripted model on loopback.
 * `--smoke`: one success per program. A name of a program or scenario limits the run to it; `mixed`, `draft` and
 * `flags` are three more.
 */
const flags = process.argv.slice(2);
const smoke = flags.includes('--smoke');
const names = flags.filter((flag) => !flag.startsWith('--'));
const pick = (all) => {
  const chosen = all.filter((name) => names.includes(name));
  return chosen.length === 0 ? all : chosen;
};

checkMachine();
installIfNeeded(root);
const { createWaveRig } = loadSource('testing/rig.ts');
const { machineHasCage } = loadSource('testing/cage-rig.ts');
const { createProcessTable } = loadSource('edges/processes/process-table.ts');
const { findAdapter, adapterRegistry } = loadSource('adapters/registry.ts');
const { skillFolders } = loadSource('core/generate/skill-folders.ts');
const skill = readFileSync(join(root, 'packages/wave-plugin/skills/wave-envelope/SKILL.md'), 'utf8');
const skillSentence = /^description: (.*)\.$/m.exec(skill)[1];
const builders = loadSource('testing/resolved.ts');
/** Waits for rate limits are asked for and not sat through. */
const quickClock = { now: () => performance.now(), sleep: async () => undefined };
/** Without a sandbox on the machine this program runs no command unasked. */
const extraOptions = { claude: { allowed_tools: ['Bash'] } };
const install = installPrograms(root, programs);
const before = lookAround();
ownTempFolder();
const server = await startModelServer();
const gatekeeper = await startGatekeeper();
const results = [];

const special = ['mixed', 'flags', 'draft'];
const onlySpecial = names.length > 0 && names.every((name) => special.includes(name));
const wants = (name) => names.length === 0 || names.includes(name);
for (const program of wants('flags') ? programs : []) {
  const adapter = findAdapter(program.id, adapterRegistry);
  const home = join(root, '.tmp', 'clis', 'homes', `flags-${program.id}`);
  await check(`${program.id}: every flag is known`, () =>
    unknownFlags(program, install, home, { adapter, ...builders }),
  );
}
for (const id of onlySpecial ? [] : pick(programs.map((program) => program.id))) {
  for (const name of smoke ? ['success'] : pick(Object.keys(scenarios)))
    await check(`${id}: ${name}`, () => runScenario(id, name));
}
if (!smoke && wants('mixed')) {
  await check('six agents on three programs', () =>
    runMixedWave({ server, config: configOf(), env: environment(), executorLines, survivors }),
  );
}
if (!smoke && wants('draft')) {
  await check('a draft of a wave, where it is asked for in so many words', () =>
    runDraft({ server, config: configOf(), env: environment(), model: 'lab-model' }),
  );
}
await check('nothing outside of the folders of this test', () => {
  const changed = [...lookAround()].filter((line) => !before.has(line));
  const strangers = gatekeeper.strangers().map((host) => `${host} was asked for on the network`);
  return [...changed.map((line) => `changed: ${line}`), ...strangers];
});
await server.close();
await gatekeeper.close();
const failed = results.filter(({ problems }) => problems.length > 0);
const unsteady = results.filter((result) => result.unsteady).length;
const counts = `${results.length - failed.length} passed, ${failed.length} failed`;
const summary = unsteady > 0 ? `${counts}, ${unsteady} unsteady` : counts;
console.log(summary);
const reports = join(root, '.tmp', 'test-reports');
mkdirSync(reports, { recursive: true });
writeFileSync(join(reports, 'summary-clis.txt'), `${summary}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

/**
 * Runs one case and says what is wrong with it. These are programs of others: where one fell, it is tried once more, and what
 * is green only then is told of as unsteady.
 */
async function check(title, run) {
  const first = await attempt(title, run);
  const second = first.length > 0 ? await attempt(`${title}, once more`, run) : first;
  results.push({ title, problems: second, unsteady: first.length > 0 && second.length === 0 });
}

/** A throw is a defect and counts as one problem. */
async function attempt(title, run) {
  const started = performance.now();
  let problems;
  try {
    problems = await run();
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}  ${title} (${seconds} s)`);
  for (const problem of problems) console.log(`        ${problem}`);
  return problems;
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
    scenario,
  );
  const stop = new AbortController();
  const watch = setInterval(() => {
    if (scenario.cancelAtFirstRequest && server.requests.some(({ script }) => script === name)) stop.abort();
  }, 50);
  try {
    const launch = await rig.launch({ signal: stop.signal, clock: quickClock });
    const problems = judge(rig, launch, scenario, id);
    if (scenario.expect === 'proven') problems.push(...(await relaunch(rig)));
    return [...problems, ...(await survivors(rig.dir))];
  } finally {
    clearInterval(watch);
    rig.dispose();
  }
}

function judge(rig, launch, scenario, id) {
  const problems = [];
  const ended = launch.tasks['agent-a1'];
  const codes = launch.failures.map(({ code }) => code);
  if (ended !== scenario.expect) {
    problems.push(`agent-a1 ended ${ended}: ${launch.failures.map(({ message }) => message).join(' ')}`);
    problems.push(...lastLines(rig));
  }
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
  if (machineHasCage && scenario.expect === 'proven') {
    const cages = bundleFiles(rig)
      .filter((file) => file.endsWith('bundle/manifest.json'))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')).predicate.cages?.agent?.cage);
    if (cages.length === 0 || !cages.every((cage) => cage === 'own' || cage === 'bubblewrap'))
      problems.push(`no cage stood around the program: ${cages.join()}`);
  }
  const leaks = bundleFiles(rig).filter((file) => readFileSync(file).includes(secret));
  if (leaks.length > 0) problems.push(`the secret is in ${leaks.join()}`);
  if (launch.lines.some((line) => line.includes(secret))) problems.push('the secret was printed');
  if (id !== 'local' && server.requests.some(({ authorized, script }) => script !== null && !authorized))
    problems.push('a request had no login');
  if (
    scenario.findsSkill &&
    !server.requests.some(({ script, says }) => script !== null && says(skillSentence))
  )
    problems.push('the program did not offer the skill of the workspace to its model');
  if (rig.git('status', '--porcelain') !== '')
    problems.push(`the user's tree changed: ${rig.git('status', '--porcelain')}`);
  return problems;
}

/** The end of what the program printed, for a reader who has only the output of this command. */
function lastLines(rig) {
  const transcripts = bundleFiles(rig).filter((file) => basename(file).startsWith('transcript'));
  return [...new Set(transcripts.map((file) => readFileSync(file, 'utf8').trimEnd()))]
    .flatMap((text) => ['its transcript ends:', ...text.split('\n').slice(-25)])
    .map((line) => line.slice(0, 300));
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

/** The skill as `nx g @nx-wave/plugin:init --skills` puts it into a workspace; its description is in no prompt of ours. */
function skillFiles() {
  return Object.fromEntries(skillFolders.map((folder) => [`${folder}/wave-envelope/SKILL.md`, skill]));
}

/** Everything that a program may take for the user's own is a folder of the rig. */
function makeRig(agents, { config = {}, findsSkill = false }) {
  const home = join(root, '.tmp', 'clis', 'homes', String(results.length));
  const folders = homeVariables(home);
  // The rig has one of its own, with an identity for git.
  delete folders.HOME;
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return createWaveRig({
    agents,
    config: { ...configOf(), ...config },
    files: findsSkill ? skillFiles() : {},
    env: { ...folders, ...environment() },
  });
}

/** Dummy logins, a secret that must not be seen, and no way out to the network. */
function environment() {
  const logins = Object.assign({}, ...programs.map((program) => program.env(server.url)));
  return { ...logins, ...gatekeeper.variables, SERVICE_TOKEN: secret };
}

/** Options stand here, not in the agents: an agent declares nothing for a program that is only its spare. */
function configOf() {
  const executors = Object.fromEntries(
    programs.map((program) => [
      program.id,
      {
        command: program.binary(install),
        isolation: 'auto',
        ...program.options(server.url),
        ...extraOptions[program.id],
      },
    ]),
  );
  executors.opencode.config_json = { model: 'lab/lab-model', ...executors.opencode.config_json };
  return { version: 1, executors: { default: 'local', ...executors }, proof: { isolation: 'auto' } };
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
async function survivors(folder) {
  const listed = await createProcessTable().list();
  const left = listed.filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder);
    } catch {
      return false;
    }
  });
  return left.map(
    ({ pid }) =>
      `process ${pid} was left: ${execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`,
  );
}
