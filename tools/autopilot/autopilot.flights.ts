// About the targets autopilot of waves and lanes: whole flights in real Nx. Run by `npm run test:autopilot`.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goodPayloads } from '../../packages/wave-plugin/src/testing/envelopes';
import { createWaveWorkspace, type WaveWorkspace } from '../e2e/wave-workspace';
import { killAt, type KillPoint } from './processes';

const statusOf = (clone: WaveWorkspace, project: string) =>
  clone.readJson(`.tmp/main-wave-launcher/status/autopilot-${project}.json`);

describe('an autopilot that is killed', () => {
  it('goes on at each of ten points, and pays for nothing twice that was finished', async () => {
    const clone = createWaveWorkspace({ 1: [] });
    const notes = join(clone.dir, 'notes');
    mkdirSync(notes);
    const at = (name: string) => join(notes, name);
    /** A program notes what it has finished with, and stops the first time that it is there until it may go on. */
    const finished = (what: string) =>
      `write(${JSON.stringify(notes)} + '/done-' + (${what}) + '-' + process.pid, '');`;
    const stopsOnce = (name: string) => `
const passed = ${JSON.stringify(at(`passed-${name}`))};
write(${JSON.stringify(at(`reached-${name}`))}, '');
while (!exists(passed)) await new Promise((resolve) => setTimeout(resolve, 20));
`;
    const blocks = {
      'cont-qa': {
        ...goodPayloads['cont-qa'],
        verdict: { verdict: 'blocked', detail: 'The first draft of A2.', owners: ['A2'] },
      },
    };
    clone.writeWave(1, [
      {
        id: 'A1',
        does: `${stopsOnce('A1')}
const good = attempt >= 3;
write('src/A1.txt', good ? 'good' : 'not yet');
if (good) ${finished("'A1'")}`,
        proofCommands: ['grep -q good src/A1.txt'],
      },
      {
        id: 'A2',
        does: `
const again = prompt.includes('cont-qa-blocked');
if (again) { ${stopsOnce('A2')} }
write('src/A2.txt', again ? 'second' : 'first');
${finished("again ? 'A2-second' : 'A2-first'")}`,
      },
      {
        id: 'A0',
        owns: ['docs/reviews/wave-1.md'],
        does: `
review('docs/reviews/wave-1.md');
const first = read('src/A2.txt') === 'first';
if (first) envelope(${JSON.stringify(blocks)});
${finished("first ? 'A0-blocks' : 'A0-passes'")}`,
      },
    ]);
    clone.git('add', '-A');
    clone.git('commit', '-q', '-m', 'the wave');
    const points: KillPoint[] = [
      { output: /^autopilot of wave-1/m },
      { output: /^autopilot: launch 1/m },
      { file: at('reached-A1') },
      { output: /outcome: failed \(A1/ },
      { output: /nx run wave-1:agent-a1/ },
      { output: /nx run wave-1:gate-implementation/ },
      { output: /nx run wave-1:gate-cont-qa/ },
      { output: /autopilot: sends A2 back/ },
      { file: at('reached-A2') },
      { output: /nx run wave-1:prove/ },
    ];
    /** What a run has said that never came to its point. */
    const missed: string[] = [];
    for (const point of points) {
      let kill = { happened: () => false };
      const run = await clone.nx(['run', 'wave-1:autopilot'], {}, (child) => {
        kill = killAt(child, point);
      });
      if (!kill.happened())
        missed.push(`${'file' in point ? point.file : String(point.output)}\n${run.output}`);
      if ('file' in point) writeFileSync(point.file.replace('reached-', 'passed-'), '');
    }
    expect(missed).toEqual([]);
    const last = await clone.nx(['run', 'wave-1:autopilot']);
    expect({ code: last.code, output: last.code === 0 ? '' : last.output }).toEqual({ code: 0, output: '' });
    expect(clone.closure(1).state).toBe('closed');
    const payments = readdirSync(notes)
      .filter((name) => name.startsWith('done-'))
      .map((name) => name.replace(/^done-|-\d+$/g, ''))
      .sort();
    expect(payments).toEqual(['A0-blocks', 'A0-passes', 'A1', 'A2-first', 'A2-second']);
    clone.dispose();
  });
});

describe('the autopilot of a lane', () => {
  const stacked = (on: number) => `## Depends on\n\n- wave-${on}`;
  const wave = (n: number) => [
    { id: `A1`, owns: [`src/w${n}.txt`], does: `write('src/w${n}.txt', 'wave ${n}');` },
  ];

  it('runs three waves in their order, each on the one before, and lands none', async () => {
    const clone = createWaveWorkspace({ 1: wave(1) });
    clone.writeWave(2, [{ ...wave(2)[0], id: 'A1', proofCommands: ['test -f src/w1.txt'] }], stacked(1));
    clone.writeWave(3, [{ ...wave(3)[0], id: 'A1', proofCommands: ['test -f src/w2.txt'] }], stacked(2));
    const before = clone.fingerprint();
    const run = await clone.nx(['run', 'waves:autopilot']);
    expect({ code: run.code, output: run.code === 0 ? '' : run.output }).toEqual({ code: 0, output: '' });
    expect(statusOf(clone, 'waves')).toMatchObject({
      ...{ state: 'ended', outcome: 'closed' },
      waves: [1, 2, 3].map((n) => ({ wave: `wave-${n}`, outcome: 'closed', landed: false })),
    });
    expect(clone.fingerprint()).toBe(before);
    expect(existsSync(join(clone.root, 'src/w1.txt'))).toBe(false);
    expect(clone.started()).toEqual({ A1: 3 });
    clone.dispose();
  });

  it('lands each wave where that is configured, and ends where one does not close', async () => {
    const clone = createWaveWorkspace({ 1: wave(1) }, { autopilot: { land: 'commit' } });
    clone.writeWave(2, [{ ...wave(2)[0], id: 'A1', proofCommands: ['test -f src/w1.txt', 'false'] }]);
    clone.writeWave(3, wave(3));
    clone.git('add', '-A');
    clone.git('commit', '-q', '-m', 'three waves');
    const run = await clone.nx(['run', 'waves:autopilot']);
    expect(run.code).not.toBe(0);
    expect(statusOf(clone, 'waves')).toMatchObject({
      ...{ outcome: 'failed', why: 'attempts' },
      waves: [{ wave: 'wave-1', landed: true }, { outcome: 'failed', landed: false }, { outcome: null }],
    });
    expect(clone.git('show', 'HEAD:src/w1.txt')).toBe('wave 1');
    expect(clone.started()).toEqual({ A1: 6 });
    clone.dispose();
  });
});

describe('a budget', () => {
  it('stops an autopilot before the next agent is paid, and is asked for by no second run', async () => {
    const clone = createWaveWorkspace({ 1: [] });
    const program = join(clone.dir, 'codex.cjs');
    writeFileSync(program, programText(join(clone.dir, 'paid.txt')));
    const executor = ['budget.tokens: 1000'];
    clone.write('wave.config.json', configText(program));
    clone.writeWave(1, [
      { id: 'A1', executorId: 'codex', command: null, executor },
      { id: 'A2', executorId: 'codex', command: null, executor, dependsOn: ['A1'] },
    ]);
    for (const times of [1, 2]) {
      const run = await clone.nx(['run', 'wave-1:autopilot']);
      expect(run.code).not.toBe(0);
      expect(run.output).toContain('outcome: blocked (budget)');
      expect({ times, report: statusOf(clone, 'wave-1') }).toMatchObject({ report: { why: 'budget' } });
      expect(clone.read('../paid.txt')).toBe('A1\n');
    }
    rmSync(program);
    clone.dispose();
  });
});

const configText = (program: string) =>
  `${JSON.stringify({
    version: 1,
    budget: { tokens: 1000 },
    executors: { default: 'local', codex: { command: `node ${program}`, isolation: 'off' } },
    proof: { isolation: 'off' },
  })}\n`;

/** A program that costs: does its work, uses the whole budget of the wave, and says so. */
const programText = (paid: string) => `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
if (process.argv.includes('--version')) { console.log('1.0.0'); process.exit(0); }
readFileSync(0);
const { WAVE_AGENT_ID: id, WAVE_RESULT_ENVELOPE: envelope } = process.env;
appendFileSync(${JSON.stringify(paid)}, id + '\\n');
mkdirSync('src', { recursive: true });
writeFileSync('src/' + id + '.txt', 'the work of ' + id);
writeFileSync(envelope, JSON.stringify({
  schemaVersion: 2,
  agentId: id,
  role: 'implementation',
  proof: { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null },
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
}));
console.log(JSON.stringify({ type: 'thread.started', thread_id: 't' }));
console.log(JSON.stringify({ type: 'turn.completed', usage: { input_tokens: 990, output_tokens: 10 } }));
`;
