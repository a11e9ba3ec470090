import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorAdapter } from '../../packages/wave-plugin/src/adapters/adapter';
import { localAdapter } from '../../packages/wave-plugin/src/adapters/local.adapter';
import { planLines } from '../../packages/wave-plugin/src/core/views/plan';
import { statusLines } from '../../packages/wave-plugin/src/core/views/status';
import type { Edges } from '../../packages/wave-plugin/src/engine/session/edges';
import type { Session } from '../../packages/wave-plugin/src/engine/session/session';
import { planWave } from '../../packages/wave-plugin/src/engine/wave/plan-wave';
import { readStatus } from '../../packages/wave-plugin/src/engine/wave/read-status';
import { runLand } from '../../packages/wave-plugin/src/engine/wave/run-land';
import { runReport } from '../../packages/wave-plugin/src/engine/wave/run-report';
import { watchWave, type WatchScreen } from '../../packages/wave-plugin/src/engine/wave/watch-wave';
import { paidProgram } from '../../packages/wave-plugin/src/testing/paid-program';
import { createWaveRig, rigWave, type WaveRig } from '../../packages/wave-plugin/src/testing/rig';

/** One wave at one moment, as people see it. */
export interface Scene {
  name: 'fresh' | 'running' | 'failed' | 'closed' | 'landed';
  /** What each command prints. */
  plan: string[];
  watch: string[];
  status: string[];
  /** How the output of the task ends that came last; empty where none did. */
  lastWords: string[];
  /** The report, as HTML and as markdown. */
  html: string;
  markdown: string;
}

/** A minute of the scenes passes in a second. */
const faster = 60;
const startMs = Date.parse('2026-01-05T09:00:00.000Z');

/** Stands in for a program with a model: a few lines that cost, and that say what they do; a line is a turn of it. */
const talkingProgram: ExecutorAdapter = {
  ...paidProgram,
  executorId: 'claude',
  displayName: 'Claude Code',
  capabilities: { ...paidProgram.capabilities, reportsCost: true },
  createStreamReader: () => {
    const reader = paidProgram.createStreamReader();
    let turns = 0;
    return {
      ...reader,
      turns: () => turns,
      read(line, stream) {
        reader.read(line, stream);
        if (line.startsWith('{')) return [];
        turns += 1;
        return [{ kind: 'say', text: line }];
      },
    };
  },
};

/** One wave of three agents from its first plan to its landing, run by the real engine with programs of a few lines. */
export async function playScenes(): Promise<Scene[]> {
  const began = performance.now();
  const now = () => new Date(startMs + Math.round((performance.now() - began) * faster));
  await using rig = createWaveRig({
    agents: agentsOf(),
    adapters: [talkingProgram, localAdapter],
    files: {
      'src/export.mjs': exportBefore,
      'test/export.test.mjs': testBefore,
      'docs/export.md': '# Export\n',
      'docs/agents/wave-cont-qa-role.md':
        '# Review\n\n## Standing prompt\n\n```text\nSay what is proven and what is not.\n```\n',
    },
    config: {
      budget: { usd: 20 },
      validation: {
        requireDocumentationStewardFromWave: 100,
        requireComponentPromotionsFromWave: 100,
        requireAgentComponentsFromWave: 100,
      },
    },
  });
  const title = () => rig.write(rigWave, titled(rig.read(rigWave)));
  const go = join(rig.dir, 'go');
  rig.edit((agents) => Object.assign(agents['A1'] ?? {}, { does: workerUntil(go) }));
  title();
  rig.git('commit', '-qam', 'wave 1');
  const scenes: Scene[] = [await sceneOf(rig, 'fresh', now, [])];

  const works = rig.agent('A1', { now });
  let ended: string[] | null = null;
  void works.then(({ lines }) => (ended = lines));
  while (
    !existsSync(join(rig.root, '.tmp', 'main-wave-launcher', 'control-plane', 'wave-1', 'A1.json')) ||
    !isAtWork(rig)
  ) {
    if (ended !== null)
      throw new Error(`A1 ended before it was seen at work:\n${(ended as string[]).join('\n')}`);
    await new Promise((next) => setTimeout(next, 100));
  }
  scenes.push(await sceneOf(rig, 'running', now, []));
  rig.write('../go', '');
  const first = await works;
  await rig.agent('A2', { now });
  scenes.push(await sceneOf(rig, 'failed', now, fromLast(first.lines, 'wave-1 stays open')));

  const launched = await rig.launch({ now });
  if (launched.closure?.state !== 'closed') throw new Error(launched.lines.join('\n'));
  scenes.push(await sceneOf(rig, 'closed', now, []));
  const session = await opened(rig, rig.edges({ now }));
  const landed = await runLand(session, { mode: 'tree', by: 'Ada' });
  if (!landed.ok) throw new Error(JSON.stringify(landed.error));
  scenes.push(await sceneOf(rig, 'landed', now, []));
  return scenes;
}

const agentsOf = () => [
  {
    id: 'A1',
    executorId: 'claude',
    command: null,
    executor: ['budget.usd: 5'],
    owns: ['src/export.mjs', 'src/units.mjs', 'test/export.test.mjs', 'test/units.test.mjs'],
    deliverables: ['src/units.mjs'],
    proofCommands: ['node --test test/'],
  },
  {
    id: 'A2',
    executorId: 'claude',
    command: null,
    executor: ['budget.usd: 5'],
    owns: ['docs/export.md'],
    deliverables: ['docs/export.md'],
    does: writer,
  },
  {
    id: 'A0',
    executorId: 'claude',
    command: null,
    executor: ['budget.usd: 5'],
    owns: ['docs/reviews/wave-1.md'],
    sections: '### Role prompts\n\n- docs/agents/wave-cont-qa-role.md',
    does: reviewer,
  },
];

const exportBefore = `export function toLine(row) {
  return row.values.join(',');
}

export function toText(rows) {
  return rows.map(toLine).join('\\n');
}
`;
const exportAfter = `import { unitOf } from './units.mjs';

export function toLine(row) {
  return row.values.join(',');
}

/** The first line names each column with its unit. */
export function toText(rows) {
  const head = Object.keys(rows[0]?.units ?? {}).map((name) => \`\${name} (\${unitOf(rows[0], name)})\`);
  return [head.join(','), ...rows.map(toLine)].join('\\n');
}
`;
const testBefore = `import assert from 'node:assert';
import { test } from 'node:test';
import { toLine } from '../src/export.mjs';

test('a row is a line', () => assert.equal(toLine({ values: [1, 2] }), '1,2'));
`;
const unitsTest = `import assert from 'node:assert';
import { test } from 'node:test';
import { unitOf } from '../src/units.mjs';
import { toText } from '../src/export.mjs';

test('a column has its unit', () => assert.equal(unitOf({ units: { weight: 'kg' } }, 'weight'), 'kg'));
test('a column without one says so', () => assert.equal(unitOf({ units: {} }, 'weight'), 'no unit'));
test('the head names units', () =>
  assert.equal(toText([{ units: { weight: 'kg' }, values: [3] }]), 'weight (kg)\\n3'));
`;
const units = (fallback: string) => `/** The unit of a column, or that it has none. */
export function unitOf(row, column) {
  return row.units[column] ?? '${fallback}';
}
`;

/** Its first attempt forgets the column without a unit; the second one reads why it was refused. */
const workerUntil = (go: string) => `
const tell = (tokens, cents) => console.log(JSON.stringify({ tokens, cents }));
tell(31000, 38);
console.log('reads docs/plans/waves/wave-1.md');
console.log('looks at src/export.mjs');
while (attempt === 1 && !exists(${JSON.stringify(go)})) await new Promise((next) => setTimeout(next, 50));
write('src/export.mjs', ${JSON.stringify(exportAfter)});
write('test/units.test.mjs', ${JSON.stringify(unitsTest)});
write('src/units.mjs', attempt === 1 ? ${JSON.stringify(units(''))} : ${JSON.stringify(units('no unit'))});
await new Promise((next) => setTimeout(next, attempt === 1 ? 900 : 1500));
tell(attempt === 1 ? 86000 : 64000, attempt === 1 ? 104 : 77);
envelope({
  summary: 'Every export begins with a line that names each column with its unit.',
  gaps: [{ kind: 'docs', detail: 'units of measured intervals (5 to 7 kg) are not described anywhere' }],
  riskNotes: ['readers that take the first line for data will see one row more'],
});`;
const writer = `
console.log(JSON.stringify({ tokens: 12000, cents: 9 }));
write('docs/export.md', '# Export\\n\\nThe first line names each column with its unit: \`weight (kg)\`.\\n');
await new Promise((next) => setTimeout(next, 700));
envelope({ summary: 'The page on exports says what the first line is.' });`;
const reviewer = `
console.log(JSON.stringify({ tokens: 22000, cents: 24 }));
write('docs/reviews/wave-1.md', '# Review of wave 1\\n\\nsrc/export.mjs and src/units.mjs do what the wave asks for; tests cover a column without a unit.\\n');
await new Promise((next) => setTimeout(next, 700));`;

function titled(text: string): string {
  return text
    .replace('A test wave', 'Units in every export')
    .replace('A1 of the test wave', 'Export with units')
    .replace('A2 of the test wave', 'Page on exports')
    .replace('A0 of the test wave', 'Review');
}

async function opened(rig: WaveRig, edges: Edges): Promise<Session> {
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

async function sceneOf(
  rig: WaveRig,
  name: Scene['name'],
  now: () => Date,
  lastWords: string[],
): Promise<Scene> {
  const session = await opened(rig, rig.edges({ now }));
  const planned = await planWave(session);
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  const report = async (form: 'html' | 'markdown') => {
    const written = await runReport(session, form);
    if (!written.ok) throw new Error(JSON.stringify(written.error));
    return readFileSync(session.at(written.value), 'utf8');
  };
  const clean = (lines: string[]) =>
    lines.flatMap((line) => line.split('\n')).map((line) => tidy(line, rig.dir));
  return {
    name,
    plan: clean(planLines(planned.value.plan)),
    watch: clean(await watchOnce(rig, session)),
    status: clean(statusLines(await readStatus(session))),
    lastWords: clean(lastWords),
    html: await report('html'),
    markdown: await report('markdown'),
  };
}

/** What a terminal of 80 columns shows. */
async function watchOnce(rig: WaveRig, session: Session): Promise<string[]> {
  const lines: string[] = [];
  const screen: WatchScreen = {
    window: () => ({ width: 80, height: 24 }),
    draw: (drawn) =>
      lines.push(
        ...drawn.map((line) =>
          line
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
        ),
      ),
    print: (line) => lines.push(line),
  };
  await watchWave(session, screen, { once: true, open: () => rig.session(session.edges) });
  return lines;
}

/** No path of the machine that made it. */
function tidy(line: string, dir: string): string {
  return line.replaceAll(dir, '…').replace(/\b[0-9a-f]{40,64}\b/g, (digest) => `${digest.slice(0, 12)}…`);
}

function fromLast(lines: readonly string[], start: string): string[] {
  return lines.slice(lines.findLastIndex((line) => line.startsWith(start)));
}

/** Whether it has said what it looks at. */
function isAtWork(rig: WaveRig): boolean {
  return rig.read('.tmp/main-wave-launcher/control-plane/wave-1/A1.json').includes('looks at src');
}
