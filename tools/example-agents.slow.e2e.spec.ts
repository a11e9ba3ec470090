import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { resultEnvelopeSchema, type AgentSpec } from '@nx-wave/schemas';
import { parseWave } from '../packages/wave-plugin/src/core';

const root = resolve(__dirname, '..');
const stewards: Record<string, string> = { A0: 'cont-qa', A8: 'integration', A9: 'documentation' };
const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder with what the agents of the example touch, and the workspace's own dependencies. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-example-'));
  folders.push(folder);
  for (const path of ['apps/example', 'docs/plans', 'tsconfig.base.json', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A checkout as it was before a wave landed and before anybody mended its agents. */
function checkoutBefore(files: Record<string, string | null>): string {
  const folder = checkout();
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(folder, path), { force: true });
    else writeFileSync(join(folder, path), text);
  }
  return folder;
}

function agentsOf(wave: number, edit = (text: string) => text): Record<string, AgentSpec> {
  const path = `docs/${wave === 3 ? '' : 'lessons/'}plans/waves/wave-${wave}.md`;
  const reading = parseWave({ path, text: edit(readFileSync(join(root, path), 'utf8')) });
  if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
  return Object.fromEntries(reading.value.agents.map((agent) => [agent.agentId, agent]));
}

function start(command: string, folder: string, extra: Record<string, string> = {}, input = '') {
  const [program = '', ...args] = command.split(' ');
  const file = program === 'node' ? process.execPath : join(folder, 'node_modules/.bin', program);
  const env = { PATH: process.env.PATH ?? '', ...extra };
  return spawnSync(file, args, { cwd: folder, env, input, encoding: 'utf8' });
}

function filesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

/** Runs the local program of an agent; answers with its envelope, its output and the paths that it changed. */
function runAgent(agent: AgentSpec, wave: number, folder: string, attempt = 1) {
  const before = filesOf(folder);
  const envelopePath = join(folder, '.nx-wave', `${agent.agentId}.json`);
  const run = start(
    String(agent.executor.options.local?.command),
    folder,
    {
      WAVE_RESULT_ENVELOPE: envelopePath,
      WAVE_NUMBER: String(wave),
      WAVE_LANE: 'main',
      WAVE_AGENT_ID: agent.agentId,
      WAVE_ROLE: stewards[agent.agentId] ?? 'implementation',
      WAVE_ATTEMPT: String(attempt),
    },
    agent.prompt,
  );
  if (run.status !== 0) throw new Error(`${agent.agentId}: ${run.stdout}${run.stderr}`);
  const envelope = JSON.parse(readFileSync(envelopePath, 'utf8')) as Record<string, unknown>;
  rmSync(envelopePath);
  const changed = [...filesOf(folder)]
    .filter(([path, text]) => before.get(path) !== text)
    .map(([path]) => path);
  return { envelope, output: run.stdout, changed: changed.sort() };
}

const isGreen = (agent: AgentSpec | undefined, folder: string) =>
  (agent?.proofCommands ?? []).every((command) => start(command, folder).status === 0);

/** What the runner adds to an agent's envelope. */
const header = {
  waveNumber: 3,
  attempt: 1,
  completedAt: '2030-01-01T00:00:00Z',
  exitCode: 0,
  deliverables: [],
  proofArtifacts: [],
  gaps: [],
  unresolvedBlockers: [],
  riskNotes: [],
};

describe('the agents of wave 3', () => {
  it('do what the wave promises, each within its own paths', () => {
    const folder = checkout();
    const agents = agentsOf(3);
    for (const agentId of ['A1', 'A2', 'A3', 'A8', 'A9', 'A0']) {
      const agent = agents[agentId] as AgentSpec;
      const { envelope, changed } = runAgent(agent, 3, folder);
      expect(resultEnvelopeSchema.safeParse({ ...header, ...envelope })).toMatchObject({ success: true });
      expect(changed.filter((path) => !agent.ownedPaths.includes(path))).toEqual([]);
      expect(agent.deliverables.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
      if (agentId === 'A0') expect(envelope).toMatchObject({ 'cont-qa': { verdict: { verdict: 'pass' } } });
    }
    expect(isGreen(agents.A9, folder) && isGreen(agents.A0, folder)).toBe(true);
  });

  it('write the same for other words and something else for another option', () => {
    const base = agentsOf(3).A1 as AgentSpec;
    const variant = (edit: (prompt: string) => string) => {
      const folder = checkout();
      runAgent({ ...base, prompt: edit(base.prompt) }, 3, folder);
      return readFileSync(join(folder, 'apps/example/src/scale.ts'), 'utf8');
    };
    const plain = variant((prompt) => prompt);
    expect(variant((prompt) => prompt.replace('A baker asks', 'People ask'))).toBe(plain);
    expect(variant((prompt) => prompt.replace(/step: \d+ g/, 'step: 25 g'))).not.toBe(plain);
  });

  it('say what is wrong with an option and change nothing', () => {
    const folder = checkoutBefore({ 'apps/example/src/scale.ts': null });
    const base = agentsOf(3).A1 as AgentSpec;
    const agent = { ...base, prompt: base.prompt.replace(/step: \d+ g/, 'step: none') };
    expect(() => runAgent(agent, 3, folder)).toThrow(
      'Option "rounding step" in the prompt needs a number above 0',
    );
    expect(existsSync(join(folder, 'apps/example/src/scale.ts'))).toBe(false);
  });
});

describe('the agents of wave 4', () => {
  it('fail by one line, and go on from what they left once it is corrected', () => {
    const program = 'apps/example/agents/wave-4/dough-temperature.mjs';
    const withParts = (parts: number) =>
      readFileSync(join(root, program), 'utf8').replace(/const parts = \d;/, `const parts = ${parts};`);
    const folder = checkoutBefore({
      'apps/example/src/dough-temperature.ts': null,
      'apps/example/src/dough-temperature.test.ts': null,
      [program]: withParts(2),
    });
    const { A1, A2 } = agentsOf(4) as { A1: AgentSpec; A2: AgentSpec };
    runAgent(A1, 4, folder);
    runAgent(A2, 4, folder);
    expect({ A1: isGreen(A1, folder), A2: isGreen(A2, folder) }).toEqual({ A1: true, A2: false });

    writeFileSync(join(folder, program), withParts(3));
    const { output, changed } = runAgent(A2, 4, folder, 2);
    expect(output).toContain('attempt 2 goes on from the 2 files of the one before');
    expect(changed).toEqual(['apps/example/src/dough-temperature.ts']);
    expect(isGreen(A2, folder)).toBe(true);
  });
});

describe('the agents of wave 5', () => {
  const stillAir =
    'export function bakeMinutes(grams: number): number {\n  return Math.round(15 + grams / 30);\n}\n';
  const before = () => checkoutBefore({ 'apps/example/src/oven.ts': stillAir });
  const expecting = (words: string) =>
    agentsOf(5, (text) => text.replace(/expected times: .*/, `expected times: ${words}`)) as {
      A1: AgentSpec;
      A2: AgentSpec;
    };

  it('are green alone, red together, and green together once a prompt is corrected', () => {
    const { A1, A2 } = expecting('in figures');
    const alone = before();
    runAgent(A2, 5, alone);
    expect(isGreen(A2, alone)).toBe(true);

    const together = before();
    runAgent(A1, 5, together);
    expect(isGreen(A1, together)).toBe(true);
    runAgent(A2, 5, together);
    expect(isGreen(A2, together)).toBe(false);

    const corrected = expecting('from bakeMinutes');
    runAgent(corrected.A2, 5, together);
    expect(isGreen(A1, together) && isGreen(corrected.A2, together)).toBe(true);
  });
});
