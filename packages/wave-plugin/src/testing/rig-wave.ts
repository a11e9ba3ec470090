import { goodPayloads } from './envelopes';

/** One agent of a rig's wave, as compact as a test wants to read it. */
export interface RigAgent {
  /** `A1`; the ids A0, A8 and A9 are the stewards cont-QA, integration and documentation. */
  id: string;
  /** Default: one file `src/<id>.txt`. */
  owns?: string[];
  deliverables?: string[];
  proofCommands?: string[];
  dependsOn?: string[];
  /** Free text of the prompt, above the ownership. */
  prompt?: string;
  /** Context files that the prompt names. */
  reads?: string[];
  /**
   * Body of the agent's program: an ES module with `write`, `read`, `remove`, `rename`, `link`, `envelope`, `env`,
   * `prompt` and `attempt` at hand. Default: writes every owned file, as cont-QA a review of `src/`. `null` leaves the script away.
   */
  does?: string | null;
  /** Replaces the declared `local.command`; `null` declares none. */
  command?: string | null;
  /** Default: `local`. */
  executorId?: string;
  /** More lines under `### Executor`, such as `budget.minutes: 1`. */
  executor?: string[];
  /** More sections of the agent's block, as markdown. */
  sections?: string;
}

/** Where the program of an agent stands in the rig's repository. */
export const programPath = (id: string, wave = 1) =>
  wave === 1 ? `agents/${id}.mjs` : `agents/wave-${wave}/${id}.mjs`;

export const ownedBy = (agent: RigAgent): string[] => agent.owns ?? [`src/${agent.id}.txt`];

const bullets = (items: readonly string[]) => items.map((item) => `- ${item}`);

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];
}

/** The wave file of a few agents. */
export function waveText(number: number, agents: readonly RigAgent[], header = ''): string {
  return [
    `# Wave ${number} - A test wave`,
    '',
    ...(header === '' ? [] : [header, '']),
    ...agents.flatMap((agent) => agentBlock(agent, number)),
  ].join('\n');
}

function agentBlock(agent: RigAgent, wave: number): string[] {
  const command = agent.command === undefined ? `node ${programPath(agent.id, wave)}` : agent.command;
  return [
    `## Agent ${agent.id}: ${agent.id} of the test wave`,
    '',
    ...section('Executor', [
      `- id: ${agent.executorId ?? 'local'}`,
      ...(command === null ? [] : [`- local.command: ${command}`]),
      ...bullets(agent.executor ?? []),
    ]),
    ...section('Depends on', bullets(agent.dependsOn ?? [])),
    ...section('Deliverables', bullets(agent.deliverables ?? [])),
    ...section('Proof commands', bullets(agent.proofCommands ?? [])),
    ...(agent.sections === undefined ? [] : [agent.sections, '']),
    '### Prompt',
    '',
    '```text',
    agent.prompt ?? `Do the work of ${agent.id}.`,
    '',
    ...(agent.reads === undefined ? [] : ['Required context:', ...bullets(agent.reads), '']),
    'File ownership (only touch these paths):',
    ...bullets(ownedBy(agent)),
    '```',
    '',
  ];
}

/** The module that every program of the rig imports; it stands outside the repository. */
export function kitText(countFile: string): string {
  return `import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
export const env = process.env;
export const attempt = Number(env.WAVE_ATTEMPT);
export const prompt = readFileSync(0, 'utf8');
appendFileSync(${JSON.stringify(countFile)}, env.WAVE_AGENT_ID + '\\n');
const ready = (path) => (mkdirSync(dirname(path), { recursive: true }), path);
export const exists = existsSync;
export const read = (path) => readFileSync(path, 'utf8');
export const write = (path, text) => writeFileSync(ready(path), text);
export const remove = (path) => rmSync(path, { recursive: true });
export const rename = (from, to) => renameSync(from, ready(to));
export const link = (target, path) => symlinkSync(target, ready(path));
export const raw = (text) => writeFileSync(env.WAVE_RESULT_ENVELOPE, text);
export const review = (path) => write(path, 'made by ' + env.WAVE_AGENT_ID + ', who looked at ' + readdirSync('src').join(', ') + '\\n');
let answered = false;
const payloads = ${JSON.stringify(goodPayloads)};
export const silent = () => void (answered = true);
export const envelope = (more = {}) => {
  answered = true;
  const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
  const role = env.WAVE_ROLE;
  raw(JSON.stringify({ schemaVersion: 2, agentId: env.WAVE_AGENT_ID, role, proof, [role]: payloads[role], ...more }));
};
export const finish = () => answered || envelope();
`;
}

/** The program of one agent. */
export function programText(agent: RigAgent, kitUrl: string): string {
  const body =
    agent.does ??
    ownedBy(agent)
      .filter((path) => !path.endsWith('/'))
      .map((path) =>
        agent.id === 'A0'
          ? `review(${JSON.stringify(path)});`
          : `write(${JSON.stringify(path)}, ${JSON.stringify(`made by ${agent.id}\n`)});`,
      )
      .join('\n');
  return `import * as kit from ${JSON.stringify(kitUrl)};
const { attempt, env, envelope, exists, link, prompt, raw, read, remove, rename, review, silent, write } = kit;
${body}
kit.finish();
`;
}
