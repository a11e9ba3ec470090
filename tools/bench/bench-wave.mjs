/** A wave of real agent programs that do next to nothing, and the same task graph of tasks that do as little. */

const payloads = {
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
  integration: {
    integrationState: { state: 'ready-for-doc-closure', claims: 0, conflicts: 0, blockers: 0, detail: null },
  },
  documentation: { docClosure: { state: 'closed', paths: [], detail: null } },
  'cont-qa': {
    verdict: { verdict: 'pass', detail: null },
    gateClaims: { architecture: 'pass', integration: 'pass', durability: 'pass', live: 'pass', docs: 'pass' },
  },
};

const stewards = ['A8', 'A9', 'A0'];
/** Of seven agents that build or more, one waits for another. Stages, not ids, decide the order. */
const waits = { A7: 'A1' };

/** Ids of the agents that build, in a wave of so many agents: what the stewards leave. */
function buildersOf(agents) {
  return Array.from({ length: agents - stewards.length }, (_, at) => `A${at < 7 ? at + 1 : at + 4}`);
}

/** Agents one after the other on the longest way through the wave of ten: A1, A7, A8, A9, A0. */
export const longestChain = 5;

/** A green proof command is all that is asked, and no cage stands around a program: what the budgets of a live wave are of. */
export const exitConfig = {
  version: 1,
  executors: { default: 'local', local: { isolation: 'off' } },
  proof: { isolation: 'off', level: 'exit' },
};

export const wavePath = 'docs/plans/waves/wave-1.md';

/** Reports that stewards owe; the paths are those of the defaults. */
const reports = {
  A8: '.tmp/main-wave-launcher/integration/wave-1.md',
  A0: 'docs/plans/waves/reviews/wave-1-cont-qa.md',
};

/**
 * Writes the wave and the project `plain` with the same tasks. `agents`: 10 where absent, three of them stewards.
 * Every agent sleeps for `seconds`. `proof`: agents that build have one proof command. `plain`: `commands` (where absent) for
 * `nx:run-commands` that write one file each, `empty` for an executor that only starts what the wave starts.
 */
export function writeWaveAndPlainProject(
  bench,
  { agents = 10, seconds = 0, proof = false, plain = 'commands' },
) {
  const builders = buildersOf(agents);
  const ids = [...builders, ...stewards];
  bench.write(
    wavePath,
    `# Wave 1 - Bench\n\n${ids.map((id) => block(id, proof && builders.includes(id))).join('\n')}`,
  );
  bench.write('agent.mjs', agentProgram(seconds));
  bench.write(
    'proof.mjs',
    "import { readFileSync } from 'node:fs';\nreadFileSync(`src/${process.argv[2]}.txt`);\n",
  );
  bench.write('src/other.txt', 'nobody changes it\n');
  const { targets } = bench.infer(wavePath);
  if (plain === 'commands') writeCommands(bench, targets, seconds);
  else writeEmptyExecutor(bench, targets, proof ? builders : []);
}

function block(id, proof) {
  return (
    `## Agent ${id}: Writes a file\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n` +
    (waits[id] ? `### Depends on\n\n- ${waits[id]}\n\n` : '') +
    (proof ? `### Proof commands\n\n- node proof.mjs ${id}\n\n` : '') +
    `### Prompt\n\n\`\`\`text\nWrite it.\n\nFile ownership (only touch these paths):\n- src/${id}.txt\n` +
    (reports[id] ? `- ${reports[id]}\n` : '') +
    '```\n'
  );
}

function agentProgram(seconds) {
  return `import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
await sleep(${seconds * 1000});
const { WAVE_AGENT_ID: agentId, WAVE_ROLE: role, WAVE_RESULT_ENVELOPE: path } = process.env;
const reports = ${JSON.stringify(reports)};
for (const file of ['src/' + agentId + '.txt', reports[agentId]].filter(Boolean)) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'written by ' + agentId + ', who has looked at src/A1.txt\\n');
}
const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
const payload = ${JSON.stringify(payloads)}[role];
writeFileSync(path, JSON.stringify({ schemaVersion: 2, agentId, role, proof, [role]: payload }));
`;
}

const cachedOf = (targets) => Object.entries(targets).filter(([, { cache }]) => cache);

/** The cached tasks of a wave as commands that write one small file each: same edges, same kinds of input. */
function writeCommands({ write, json }, targets, seconds) {
  write(
    'plain.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const [target] = process.argv.slice(2);
if (target.startsWith('agent-')) await sleep(${seconds * 1000});
mkdirSync('.tmp/plain', { recursive: true });
writeFileSync('.tmp/plain/' + target + '.json', JSON.stringify({ target }));
`,
  );
  const taskOf = (name, { inputs, dependsOn }) => ({
    executor: 'nx:run-commands',
    options: { command: `node plain.mjs ${name}` },
    cache: true,
    dependsOn,
    inputs: inputs.map((input) =>
      typeof input === 'object' && 'dependentTasksOutputFiles' in input
        ? { ...input, dependentTasksOutputFiles: '**/.tmp/plain/*.json' }
        : input,
    ),
    outputs: [`{workspaceRoot}/.tmp/plain/${name}.json`],
  });
  json('plain/project.json', {
    name: 'plain',
    targets: Object.fromEntries(cachedOf(targets).map(([name, target]) => [name, taskOf(name, target)])),
  });
}

/**
 * The cached tasks of a wave for an executor that does nothing but start the same programs: each agent's own, and the proof
 * commands where the wave runs them, in the task of their agent and in that of the gate after it.
 */
function writeEmptyExecutor({ write, json }, targets, proved) {
  const programsOf = (name) => {
    const proofs = (ids) => ids.map((id) => ['node', 'proof.mjs', id]);
    if (name === 'gate-implementation') return proofs(proved);
    if (!name.startsWith('agent-')) return [];
    const id = name.slice('agent-'.length).toUpperCase();
    return [['node', 'agent.mjs'], ...proofs(proved.filter((one) => one === id))];
  };
  const roles = { A8: 'integration', A9: 'documentation', A0: 'cont-qa' };
  const optionsOf = (name) => {
    const id = name.slice('agent-'.length).toUpperCase();
    return { programs: programsOf(name), id, role: roles[id] ?? 'implementation' };
  };
  json('plain/project.json', {
    name: 'plain',
    targets: Object.fromEntries(
      cachedOf(targets).map(([name, { dependsOn }]) => [
        name,
        { executor: 'empty:start', options: optionsOf(name), dependsOn },
      ]),
    ),
  });
  json('node_modules/empty/package.json', { name: 'empty', version: '0.0.0', executors: './executors.json' });
  json('node_modules/empty/executors.json', {
    executors: {
      noop: { implementation: './noop.js', schema: './schema.json', description: 'Nothing.' },
      start: { implementation: './start.js', schema: './schema.json', description: 'Starts programs.' },
    },
  });
  json('node_modules/empty/schema.json', { version: 2, type: 'object', properties: {} });
  write('node_modules/empty/noop.js', 'module.exports = { default: async () => ({ success: true }) };\n');
  write(
    'node_modules/empty/start.js',
    `const { spawnSync } = require('node:child_process');
const { mkdirSync } = require('node:fs');
const { join } = require('node:path');
module.exports = {
  default: async ({ programs, id, role }, { root }) => {
    const cwd = join(root, '.tmp', 'plain');
    mkdirSync(join(cwd, 'src'), { recursive: true });
    const env = { ...process.env, WAVE_AGENT_ID: id, WAVE_ROLE: role, WAVE_RESULT_ENVELOPE: join(cwd, id + '.json') };
    const failed = programs.filter(([program, script, ...args]) => {
      const { status } = spawnSync(program, [join(root, script), ...args], { cwd, env });
      return status !== 0;
    });
    return { success: failed.length === 0 };
  },
};
`,
  );
}
