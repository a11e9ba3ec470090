import { canonicalJson, digestOf } from '@nx-wave/schemas/plain';
import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { parseWave, readWaveConfig, resolveWave } from '../../packages/wave-plugin/src/built-in';
import { contextEntries } from '../../packages/wave-plugin/src/core/digest/context-entries';
import { acceptanceKey, inferenceDigest, workKey } from '../../packages/wave-plugin/src/core/digest/keys';
import { takeBack } from '../../packages/wave-plugin/src/core/digest/landed-context';
import { makeHandoff } from '../../packages/wave-plugin/src/core/digest/result-digest';
import { inferWorkspace } from '../../packages/wave-plugin/src/core/infer/infer-workspace';
import { createReferenceReader } from '../../packages/wave-plugin/src/core/resolve/references';
import { waveIdentity } from '../../packages/wave-plugin/src/core/resolve/identity';
import { planRetry } from '../../packages/wave-plugin/src/core/retry/plan-retry';
import { nothingSpent } from '../../packages/wave-plugin/src/core/spending';
import { foldEvents } from '../../packages/wave-plugin/src/core/state/event-log';
import { judgeClosure } from '../../packages/wave-plugin/src/core/state/judge-closure';
import { ledgerView } from '../../packages/wave-plugin/src/core/state/ledger-view';
import { reduceWave } from '../../packages/wave-plugin/src/core/state/reduce-wave';
import { printDigestList } from '../../packages/wave-plugin/src/core/trust/digest-list';
import { nextCommand } from '../../packages/wave-plugin/src/core/views/next-command';
import { composeReport } from '../../packages/wave-plugin/src/core/views/report/compose-report';
import { renderHtml } from '../../packages/wave-plugin/src/core/views/report/render-html';
import { renderMarkdown } from '../../packages/wave-plugin/src/core/views/report/render-markdown';
import { statusDocument, statusLines } from '../../packages/wave-plugin/src/core/views/status';
import { judgeStages } from '../../packages/wave-plugin/src/gates/judge-stages';
import { buildEnvelope } from '../../packages/wave-plugin/src/testing/envelopes';
import { buildNxFacts } from '../../packages/wave-plugin/src/testing/nx-facts';
import { buildWave } from '../../packages/wave-plugin/src/testing/resolved';
import { simulateWave, type Deed } from '../../packages/wave-plugin/src/testing/simulated-wave';
import { implementer, steward } from '../../packages/wave-plugin/src/testing/stewards';
import type { Random } from '../cluster/random';

/** Puts what has no order into another one. */
type Shuffle = <T>(items: readonly T[]) => T[];

/** Names that sort otherwise in some language or by another rule. */
const hardNames = [
  'a',
  'B',
  'Ä',
  'z',
  'ı',
  'I',
  'é',
  'e\u0301',
  'ch',
  'c',
  'll',
  '10',
  '9',
  'ß',
  '_',
  'æ',
  'å',
];

/** An object whose keys stand in another order, all the way down. */
export function reordered(value: unknown, shuffle: Shuffle): unknown {
  if (Array.isArray(value)) return value.map((one) => reordered(one, shuffle));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    shuffle(Object.entries(value)).map(([key, one]) => [key, reordered(one, shuffle)]),
  );
}

/** Everything that is stored, hashed or shown, from the same input in another order: name -> bytes. They must be the same each time. */
export function outputs(random: Random): Record<string, string> {
  const shuffle: Shuffle = (items) => random.shuffled(items);
  return { ...ofState(shuffle), ...ofConfiguration(shuffle), ...ofWorkspace(shuffle), ...ofParts(shuffle) };
}

/** What the agents of the wave do; A2 fails, and the steward of integration has something to say. */
const deeds: Readonly<Record<string, Deed>> = {
  A2: { failures: ['ownership-violation'] },
  A1: {
    envelope: {
      facts: hardNames.map((name) => ({ factId: name, kind: 'claim' as const, content: `fact ${name}` })),
      records: hardNames.map((name) => ({
        kind: 'request' as const,
        summary: `asks ${name}`,
        targets: ['A2'],
      })),
    },
  },
};

function ofState(shuffle: Shuffle): Record<string, string> {
  const agents = [
    implementer('A1'),
    implementer('A2'),
    implementer('A3'),
    steward('integration'),
    steward('cont-qa'),
  ];
  const sim = simulateWave(buildWave(agents));
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  sim.record({ type: 'gate.waived', code: 'blocker-open', agentId: null });
  sim.record({ type: 'ownership.amended', agentId: 'A3', paths: ['src/z.ts', 'src/ä.ts'] });
  for (const requestId of ['q2', 'q1'])
    sim.record({ type: 'request.answered', requestId, agentId: 'A1', text: 'both' });
  sim.record({ type: 'retry.applied', agents: ['A3'], fresh: false, executorChanges: [] });
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  const given = sim.evidence();
  const events = given.attempts.flatMap(
    ({ predicate: { agentId, attempt, workKey: key } }): ControlPlaneEvent[] =>
      ['attempt.started', 'slice.collected'].map((type, at) => ({
        schemaVersion: 1,
        seq: at,
        at: '2026-01-02T03:04:05.000Z',
        wave: 'wave-3',
        agentId,
        attempt,
        type,
        data: { workKey: key },
      })),
  );
  const evidence = {
    ...given,
    ledger: shuffle(given.ledger),
    attempts: shuffle(given.attempts),
    // Of each agent the one that stands for its present inputs, as the engine gives them.
    bundles: shuffle(given.bundles.filter(({ unitId, workKey: key }) => given.workKeys[unitId] === key)),
    events: shuffle([...events, ...events]),
    workKeys: reordered(given.workKeys, shuffle) as Record<string, string>,
  };
  const state = reduceWave(evidence);
  const plan = planRetry(state);
  const { wave, verdicts, prove, bundles, attempts, ledger } = evidence;
  const { questions } = state;
  const judged = judgeClosure({
    ...{ wave, verdicts, prove, bundles, questions },
    ...{ changes: [], patchSha256: null, failures: [], landed: false },
  });
  const closure = { ...judged, next: nextCommand({ state, plan, closure: judged }) };
  const blocks = composeReport({
    ...{ wave, state, plan, closure, ledger, spending: nothingSpent, patches: [] },
    budget: { usd: 3.5, tokens: 1_234_567, minutes: null },
    attempts: attempts.map((one) => ({
      ...one,
      events: evidence.events.filter(
        ({ agentId, attempt }) => agentId === one.predicate.agentId && attempt === one.predicate.attempt,
      ),
    })),
  });
  return {
    'wave state': canonicalJson(state),
    'retry plan': canonicalJson(plan),
    'closure record': canonicalJson(closure),
    'status document': canonicalJson(statusDocument({ state, closure, plan })),
    'status table': statusLines({ state, closure, plan }).join('\n'),
    'report as HTML': renderHtml('wave-3', blocks),
    'report as markdown': renderMarkdown(blocks),
    'folded events': canonicalJson(foldEvents(evidence.events, 'wave-3')),
    'ledger of an agent': canonicalJson(agents.map((agent) => ledgerView(evidence.ledger, agent))),
    verdicts: canonicalJson(verdictsOf(shuffle)),
  };
}

function verdictsOf(shuffle: Shuffle): unknown {
  const wave = buildWave([implementer('A1'), implementer('A2'), implementer('A3'), steward('integration')]);
  const turns = judgeStages(wave);
  let turn = turns.next();
  while (turn.done !== true) {
    const { units } = turn.value;
    const handoffs = units.map((agent) =>
      makeHandoff({
        ...{ agent, wave, workKey: 'ab'.repeat(32), artifacts: [] },
        envelope: buildEnvelope(agent.envelopeRole, {
          agentId: agent.unitId,
          facts: shuffle(hardNames).map((name) => ({ factId: name, kind: 'claim', content: name })),
          records: shuffle(hardNames).map((name) => ({ kind: 'decision', id: name, summary: name })),
        }),
        changes: shuffle(hardNames).map((name) => ({
          path: `src/${agent.unitId}/${name}`,
          before: null,
          after: { mode: '100644', oid: 'cd'.repeat(20) },
        })),
      }),
    );
    turn = turns.next({
      ...{ openDependencies: [], ledger: [], matrix: null, benchmarkCatalog: null, mergeFindings: [] },
      handoffs: shuffle(handoffs),
      expectedWorkKeys: Object.fromEntries(shuffle(units).map(({ unitId }) => [unitId, 'ab'.repeat(32)])),
    });
  }
  return turn.value;
}

const waveText = (id: string) =>
  [
    `# Wave 7 - ${id}`,
    ...['A1', 'A2'].flatMap((agent) => [
      `## Agent ${agent}: Work of ${agent}`,
      '### Executor',
      '- profile: fast',
      '- local.command: node tools/agent.mjs',
      '### Skills',
      '- one',
      '### Proof commands',
      `- test -f src/${agent}.txt`,
      '### Prompt',
      '```',
      'Required context:',
      ...hardNames.map((name) => `- docs/${name}.md`),
      'File ownership:',
      `- src/${agent}.txt`,
      '```',
    ]),
    '',
  ].join('\n');

const config = {
  version: 1,
  executors: {
    default: 'local',
    profiles: {
      fast: { executor: 'local', model: 'small', budget: { minutes: 10, usd: 1.25 }, tags: ['b', 'a'] },
    },
    local: { command: 'node tools/agent.mjs' },
  },
  skills: { base: ['zeta', 'alpha'], byRole: { implementation: ['beta'] } },
  lanes: { beta: {}, alpha: { executors: { default: 'local' } } },
  projects: { shop: { rootDir: 'apps/shop' }, bank: { rootDir: 'apps/bank' } },
  limits: { attempts: 3, attemptMinutes: 20 },
};

function ofConfiguration(shuffle: Shuffle): Record<string, string> {
  const path = 'docs/plans/waves/wave-7.md';
  const reading = readWaveConfig(JSON.stringify(reordered(config, shuffle)));
  const identity = waveIdentity(path, reading.config);
  const text = waveText('seven');
  const parsed = parseWave({ path, text }, { config: reading.config });
  if (identity === null || !parsed.ok) throw new Error(JSON.stringify(parsed));
  const references = createReferenceReader(reading.config, () => null)(identity);
  const resolved = resolveWave(parsed.value, { identity, config: reading.config }, { references, text });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.failures));
  const wave = resolved.value;
  return Object.fromEntries(
    wave.agents.flatMap((agent) => {
      const contents = new Map(shuffle(agent.contextPaths).map((one) => [one, digestOf(one)]));
      const context = contextEntries(shuffle(agent.contextPaths), contents);
      const parts = {
        agent,
        wave,
        ledger: { epoch: null, entries: [] },
        context,
        handoffs: [],
        upstream: null,
      };
      return [
        [`work key of ${agent.unitId}`, workKey(parts)],
        [`acceptance key of ${agent.unitId}`, acceptanceKey(agent)],
        [`Nx input of ${agent.unitId}`, inferenceDigest(agent, wave, parts.ledger)],
      ];
    }),
  );
}

function ofWorkspace(shuffle: Shuffle): Record<string, string> {
  // The order of keys of the configuration is what a person wrote.
  const reading = readWaveConfig(JSON.stringify(config));
  const folders = [
    'docs/plans/waves',
    'docs/beta/plans/waves',
    'docs/alpha/plans/waves',
    'docs/shop/plans/waves',
  ];
  const files = folders.flatMap((folder) =>
    [1, 2, 10].map((number) => ({
      path: `${folder}/wave-${number}.md`,
      text: waveText(`${folder} ${number}`),
    })),
  );
  const entry = (id: string) =>
    JSON.stringify({
      ...{
        schemaVersion: 1,
        wave: 'wave-1',
        recordedAt: '2026-01-02T03:04:05.000Z',
        by: 'Ada',
        reason: 'because',
      },
      ...{
        id: `01J0000000000000000000000${id}`,
        type: 'retry.applied',
        agents: ['A1'],
        fresh: false,
        executorChanges: [],
      },
    });
  const inferred = inferWorkspace(
    {
      config: reading.config,
      nx: buildNxFacts(),
      configFailures: reading.failures,
      read: () => null,
      files: shuffle(files),
      folders: new Set(),
      ledgers: new Map(
        shuffle([['docs/plans/waves/wave-1.ledger', shuffle([entry('1'), entry('2'), entry('3')])]]),
      ),
    },
    { include: [], targetPrefix: '' },
    { language: { parse: parseWave, resolve: resolveWave } },
  );
  // As Nx gets it: the order of keys included.
  return { 'graph of 12 waves': JSON.stringify(inferred) };
}

function ofParts(shuffle: Shuffle): Record<string, string> {
  const oid = (number: number) => `${number}`.padStart(40, '0');
  const landings = [1, 2, 3].map((number) => [
    {
      path: 'docs/a.md',
      before: { mode: '100644', oid: oid(number) },
      after: { mode: '100644', oid: oid(number + 1) },
    },
  ]);
  return {
    'canonical JSON of plain values': canonicalJson(
      reordered(Object.fromEntries(hardNames.map((name) => [name, 1])), shuffle),
    ),
    'canonical JSON': canonicalJson(
      reordered({ config, names: Object.fromEntries(hardNames.map((name) => [name, 1])) }, shuffle),
    ),
    'list of digests': printDigestList(
      shuffle(hardNames.map((name) => ({ path: name, sha256: 'ab'.repeat(32) }))),
    ),
    'context before landings': canonicalJson(
      takeBack(new Map([['docs/a.md', oid(4)]]), shuffle(landings)).map((state) => [...state]),
    ),
  };
}
