import { createBenchWorkspace } from './bench-workspace.mjs';
import { growthRow } from './exponent.mjs';
import { report } from './report.mjs';

/**
 * Whether what decides is linear in what it reads: `npm run bench:linear`. Each row gives the CPU for each
 * piece of an input over that of an input a quarter as large: about 1 where the time is linear, 4 where it is quadratic. Exponents are fitted to three sizes.
 */
const rounds = 15;
const budget = 2;
const bench = createBenchWorkspace();
try {
  const core = bench.load('@nx-wave/plugin/core');
  const path = 'docs/plans/waves/wave-1.md';
  const identity = core.waveIdentity(path, {});
  const parsed = (text) => valueOf(core.parseWaveFile({ path, text }));
  const resolved = (text) => valueOf(core.resolveWave(parsed(text), { identity, config: {} }, { text }));
  const ledger = { landed: false, agent: () => ({ epoch: null, entries: [] }) };
  const infer = (wave) => core.inferTargets(wave, { root: 'r', targetPrefix: '', ledger, shadowed: [] });
  const rows = [
    row('parse: agents', 1_000, waveOf, parsed),
    row('parse: lines of one prompt', 100_000, longPrompt, parsed),
    row('parse: findings', 20_000, mistakes, (text) => core.parseWaveFile({ path, text })),
    row(
      'resolve: agents',
      1_000,
      (count) => parsed(waveOf(count)),
      (wave) => core.resolveWave(wave, { identity, config: {} }),
    ),
    row('infer: agents', 1_000, (count) => resolved(waveOf(count)), infer),
    row('read and fold: events', 10_000, eventLog, (text) =>
      core.foldEvents(core.parseEventLog(text).events, 'wave-1'),
    ),
    row(
      'reduce: agents, ten events each',
      1_000,
      (count) => evidenceOf(resolved(waveOf(count))),
      core.reduceWave,
    ),
    row(
      'plan: agents',
      1_000,
      (count) => core.reduceWave(evidenceOf(resolved(waveOf(count)))),
      core.planRetry,
    ),
  ];
  report('time for each piece, against an input a quarter as large', rows.flat());

  function evidenceOf(wave) {
    const { events } = core.parseEventLog(eventLog(wave.agents.length * 10));
    const nothing = { ledger: [], attempts: [], bundles: [], workKeys: {}, verdicts: [], prove: null };
    return { wave, events, ...nothing };
  }
} finally {
  bench.remove();
}

/** CPU of this process: other work of the machine counts less than in the time that passes. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Three inputs in turn, each four times as large as the one before; the fastest of each. */
function row(what, count, make, work) {
  const sizes = [count / 16, count / 4, count].map(Math.floor);
  const inputs = sizes.map(make);
  const least = sizes.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, input] of inputs.entries()) {
      const from = cpuMs();
      work(input);
      least[at] = Math.min(least[at], cpuMs() - from);
    }
  const [, quarter, large] = least;
  const floor = (quarter / sizes[1]) * count;
  const growth = {
    name: `growth, ${what}`,
    ours: large,
    floor,
    unit: `ms for ${count}`,
    ratio: large / floor,
  };
  const [subject, counted] = what.split(': ');
  const points = sizes.map((size, at) => [size, least[at]]);
  return [{ ...growth, budget }, growthRow(subject, counted, points)];
}

function valueOf(checked) {
  if (!checked.ok) throw new Error(JSON.stringify(checked.failures.slice(0, 3), null, 2));
  return checked.value;
}

function block(id, lines) {
  return (
    `## Agent ${id}: Part ${id}\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n### Prompt\n\n` +
    `\`\`\`text\n${lines.join('\n')}\nFile ownership (only touch these paths):\n- src/${id}/\n\`\`\`\n\n`
  );
}

function waveOf(count) {
  const blocks = Array.from({ length: count }, (_, at) => block(`B${at + 10}`, ['Do it.', 'And test it.']));
  return `# Wave 1 - Bench\n\n${blocks.join('')}`;
}

/** A hundred bytes a line: ten megabytes at most. */
function longPrompt(count) {
  return `# Wave 1 - Bench\n\n${block(
    'A1',
    Array.from({ length: count }, () => `- ${'look at it '.repeat(9)}`),
  )}`;
}

function mistakes(count) {
  return waveOf(1).replace('### Prompt', `${'### Promt\n\n- nothing\n\n'.repeat(count)}### Prompt`);
}

function eventLog(count) {
  const types = ['attempt.started', 'slice.collected', 'slice.refused', 'attempt.started', 'slice.collected'];
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      schemaVersion: 1,
      seq: at,
      wave: 'wave-1',
      agentId: `B${(at % Math.max(1, count / 10)) + 10}`,
      attempt: (at % 3) + 1,
      type: types[at % types.length],
      at: '2026-01-02T03:04:05.000Z',
      data: { workKey: 'a'.repeat(64) },
    }),
  ).join('\n');
}
