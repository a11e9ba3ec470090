/** A wave of ten agents, and the same task graph of commands that do as little. */

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

/** Seven that build, one of them after another one, and the three stewards: stages, not ids, decide the order. */
const builders = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'];
const stewards = ['A8', 'A9', 'A0'];
const waits = { A7: 'A1' };

/** Agents one after the other on the longest way through the wave: A1, A7, A8, A9, A0. */
export const longestChain = 5;

export const wavePath = 'docs/plans/waves/wave-1.md';

/** Writes the wave and the project `plain` with the same tasks. Every agent sleeps for `seconds`, no other task does. */
export function writeWaveAndPlainProject({ write, json, infer }, seconds) {
  const block = (id) =>
    `## Agent ${id}: Writes a file\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n` +
    (waits[id] ? `### Depends on\n\n- ${waits[id]}\n\n` : '') +
    `### Prompt\n\n\`\`\`text\nWrite it.\n\nFile ownership (only touch these paths):\n- src/${id}.txt\n` +
    (reports[id] ? `- ${reports[id]}\n` : '') +
    '```\n';
  write(wavePath, `# Wave 1 - Bench\n\n${[...builders, ...stewards].map(block).join('\n')}`);
  write(
    'agent.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
await sleep(${seconds * 1000});
const { WAVE_AGENT_ID: agentId, WAVE_ROLE: role, WAVE_RESULT_ENVELOPE: path } = process.env;
const reports = ${JSON.stringify(reports)};
for (const file of ['src/' + agentId + '.txt', reports[agentId]].filter(Boolean)) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'written by ' + agentId + '\\n');
}
const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
const payload = ${JSON.stringify(payloads)}[role];
writeFileSync(path, JSON.stringify({ schemaVersion: 2, agentId, role, proof, [role]: payload }));
`,
  );
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
  json('plain/project.json', { name: 'plain', targets: plainTargetsOf(infer(wavePath).targets) });
}

/** Reports that stewards owe; the paths are those of the defaults. */
const reports = {
  A8: '.tmp/main-wave-launcher/integration/wave-1.md',
  A0: 'docs/plans/waves/reviews/wave-1-cont-qa.md',
};

/** The cached tasks of a wave as commands that write one small file each: same edges, same kinds of input. */
function plainTargetsOf(targets) {
  const cached = Object.entries(targets).filter(([, { cache }]) => cache);
  return Object.fromEntries(
    cached.map(([name, { inputs, dependsOn }]) => [
      name,
      {
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
      },
    ]),
  );
}
