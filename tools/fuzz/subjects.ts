import { join } from 'node:path';
import { readFileSync, readdirSync } from 'node:fs';
import {
  admissionSchema,
  claimSchema,
  closureSchema,
  handoffSchema,
  ledgerEntrySchema,
  proofManifestSchema,
  readAgentEnvelope,
  verdictSchema,
} from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import type * as z from 'zod';
import { parseWave, readWaveConfig } from '../../packages/wave-plugin/src/built-in';
import { adapterRegistry } from '../../packages/wave-plugin/src/adapters/registry';
import { splitCommandLine } from '../../packages/wave-plugin/src/core/command-line';
import { readLegacySignals } from '../../packages/wave-plugin/src/core/legacy/legacy-signals';
import { readPointer } from '../../packages/wave-plugin/src/core/lfs-pointer';
import { parseAnswer, parseJson } from '../../packages/wave-plugin/src/core/parse-json';
import { parseBenchmarkCatalog } from '../../packages/wave-plugin/src/core/parse/benchmark-catalog';
import { parseComponentMatrix } from '../../packages/wave-plugin/src/core/parse/component-matrix';
import { printWave } from '../../packages/wave-plugin/src/core/parse/print-wave';
import { foldEvents, parseEventLog } from '../../packages/wave-plugin/src/core/state/event-log';
import { parseDigestList } from '../../packages/wave-plugin/src/core/trust/digest-list';
import { principalsOf } from '../../packages/wave-plugin/src/core/trust/signatures';
import { grantablePaths } from '../../packages/wave-plugin/src/core/verify/grantable-paths';
import { parseRawDiff } from '../../packages/wave-plugin/src/edges/git/diff-trees';
import { parseIndexListing } from '../../packages/wave-plugin/src/edges/git/index-listing';
import { decodeName, nameBytes, splitNul } from '../../packages/wave-plugin/src/edges/git/names';
import { createLineSplitter } from '../../packages/wave-plugin/src/edges/processes/lines';
import { buildEnvelope } from '../../packages/wave-plugin/src/testing/envelopes';
import { readRecordings } from '../../packages/wave-plugin/src/testing/recorded-transcripts';
import { fullWave } from '../../packages/wave-plugin/src/testing/wave-file';

/** Something of the product that reads what others wrote. */
export interface Subject {
  name: string;
  /** Valid texts, which mutations start from. */
  seeds: readonly string[];
  /** Only git writes it: it is never as long as a person or an agent could make it. */
  ofGit?: true;
  /** Reads a text. Null where it is refused; else why it should have been, or an empty list. It never throws. */
  read(text: string): string[] | null;
}

const root = join(__dirname, '../..');
/** A value that nests deeper than any stack is. */
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const sha = 'ab'.repeat(32);
const oid = 'cd'.repeat(20);
const wavePath = 'docs/plans/waves/wave-7.md';

/** A path that nobody may own, whoever reads it: written from the contract. */
function forbidden(path: string): boolean {
  const segments = path.split('/');
  return (
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    path.includes('\0') ||
    segments.includes('..') ||
    segments.some((one) => /^\.git[. ]*$/i.test(one)) ||
    segments[0]?.toLowerCase() === '.nx-wave' ||
    segments.some((one) => /^wave-\d+\.ledger$/i.test(one)) ||
    /^\.tmp\/(projects\/[^/]+\/)?[^/]*-wave-launcher\/(handoff|results|gates|closure|control-plane|status|retry|reports)(\/|$)/i.test(
      path,
    )
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wave: Subject = {
  name: 'wave file',
  seeds: [
    fullWave,
    fullWave.replace('{"permissions":{"allow":["Read"]}}', `{"permissions":${deep}}`),
    ...readdirSync(join(root, 'docs/plans/waves'))
      .filter((name) => /^wave-\d+\.md$/.test(name))
      .slice(0, 3)
      .map((name) => readFileSync(join(root, 'docs/plans/waves', name), 'utf8')),
  ],
  read(text) {
    const parsed = parseWave({ path: wavePath, text });
    if (!parsed.ok) return null;
    const owned = parsed.value.agents.flatMap(({ ownedPaths }) => ownedPaths).filter(forbidden);
    const promised = parsed.value.agents.flatMap(({ deliverables }) => deliverables).filter(forbidden);
    const ids = parsed.value.agents.map(({ agentId }) => agentId);
    // What is read is hashed somewhere.
    canonicalJson(parsed.value);
    const again = parseWave({ path: wavePath, text: printWave(parsed.value) });
    return [
      ...owned.map((path) => `an agent owns ${JSON.stringify(path)}`),
      ...promised.map((path) => `an agent promises ${JSON.stringify(path)}`),
      ...(new Set(ids).size === ids.length ? [] : ['two agents have one id']),
      ...(parsed.value.agents.every(({ ownedPaths }) => ownedPaths.length > 0)
        ? []
        : ['an agent owns nothing']),
      ...(again.ok &&
      JSON.stringify(plain(again.value)) ===
        JSON.stringify(
          plain({ ...parsed.value, title: again.value.title, commitMessage: again.value.commitMessage }),
        )
        ? []
        : ['what is printed of it is another wave']),
    ];
  },
};

/** Without the places in the file. What the wave is called, and its commit, are texts of a person that nothing is decided by. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) => (key === 'line' || key === 'lines' ? undefined : one)),
  );

/** Keys that hold an amount; others that stand beside them are a warning, whatever they hold. */
const limitKeys = [
  ...['attemptMinutes', 'idleMinutes', 'rateLimitWaitMinutes', 'repairMinutes', 'proofMinutes'],
  ...['attempts', 'memoryMb', 'processes', 'diskMb'],
];
const budgetKeys = ['usd', 'tokens', 'minutes', 'maxUsd'];
const entriesOf = (value: unknown, keys: readonly string[]) =>
  Object.entries(value ?? {}).filter(([key]) => keys.includes(key));

const configuration: Subject = {
  name: 'configuration',
  seeds: [
    readFileSync(join(root, 'wave.config.json'), 'utf8'),
    `{"version":1,"limits":${deep}}`,
    `{"version":1,"unknown":${deep}}`,
    JSON.stringify({
      version: 1,
      limits: { attemptMinutes: 5, attempts: 2 },
      budget: { usd: 3, tokens: 1000, minutes: 5 },
      trust: 'signed',
      run: 'never',
      store: { path: 'store' },
      proof: { level: 'strict', env: ['A'], home: 'private' },
      executors: { default: 'local', override: 'local' },
      lanes: { beta: { validation: { testCommand: 'npm test' } } },
      projects: { shop: { rootDir: 'apps/shop' } },
    }),
  ],
  read(text) {
    const { config, failures } = readWaveConfig(text);
    if (failures.length > 0) return null;
    const { limits, budget, run, trust } = config as Record<string, unknown>;
    const amounts = [...entriesOf(limits, limitKeys), ...entriesOf(budget, budgetKeys)];
    // What is read is hashed somewhere.
    canonicalJson(config);
    return [
      ...(isObject(parseJson(text)) ? [] : ['it is no JSON object']),
      ...amounts.flatMap(([key, value]) =>
        value === null || (typeof value === 'number' && value >= 0 && Number.isFinite(value))
          ? []
          : [`${key} is ${String(value)}`],
      ),
      ...(run === undefined || run === null || ['auto', 'local-only', 'never'].includes(String(run))
        ? []
        : ['run is no mode']),
      ...(trust === undefined || ['signed', 'reprove', 'digest'].includes(String(trust))
        ? []
        : ['trust is no level']),
    ];
  },
};

const roles = [
  'implementation',
  'integration',
  'documentation',
  'cont-qa',
  'cont-eval',
  'security',
  'deploy',
  'design',
];

const envelope: Subject = {
  name: 'envelope',
  seeds: [
    withDepth(buildEnvelope('implementation')),
    withDepth(buildEnvelope('implementation')).replace('"waveNumber":3', `"waveNumber":${deep}`),
    JSON.stringify(
      buildEnvelope('implementation', { facts: [], records: [{ kind: 'claim', summary: 'It works.' }] }),
    ),
    JSON.stringify(buildEnvelope('implementation'), null, 2),
    `\`\`\`json\n${JSON.stringify(buildEnvelope('implementation'))}\n\`\`\`\n`,
    JSON.stringify(buildEnvelope('integration')),
  ],
  read(text) {
    const identity = { agentId: 'A1', waveNumber: 3, attempt: 1, envelopeRole: 'implementation' as const };
    const given = parseAnswer(text);
    const reading = readAgentEnvelope(given, identity);
    if (!reading.ok) return null;
    const value = reading.value as Record<string, unknown>;
    canonicalJson(value);
    const proof = value['proof'] as { state?: string } | undefined;
    return [
      ...(isObject(given) ? [] : ['it is no JSON object']),
      ...(value['agentId'] === 'A1' ? [] : ['it is of another agent']),
      ...(isObject(given) && given['agentId'] !== undefined && given['agentId'] !== 'A1'
        ? ['it names another agent']
        : []),
      ...(value['role'] === 'implementation' ? [] : ['it is of another role']),
      ...(isObject(value['implementation']) ? [] : ['the payload is missing']),
      ...roles
        .slice(1)
        .flatMap((role) =>
          ['design', 'cont-eval'].includes(role) || value[role] === undefined
            ? []
            : [`it has a payload of ${role}`],
        ),
      ...(['satisfied', 'partial', 'failed', 'not_applicable'].includes(proof?.state ?? '')
        ? []
        : ['its proof has no state']),
    ];
  },
};

/** A document that a schema reads: what it takes it takes again, and digests are digests. */
function document(name: string, schema: z.ZodType, seeds: readonly unknown[]): Subject {
  return {
    name,
    seeds: seeds.flatMap((seed) => [JSON.stringify(seed), withDepth(seed)]),
    read(text) {
      const value = parseJson(text);
      const parsed = schema.safeParse(value);
      if (!parsed.success) return null;
      // What is read is hashed somewhere.
      canonicalJson(parsed.data);
      const again = schema.safeParse(JSON.parse(JSON.stringify(parsed.data)));
      const digests = [...text.matchAll(/"(?:sha256|workKey|resultDigest|acceptanceKey)":"([^"]*)"/g)];
      return [
        ...(again.success && JSON.stringify(again.data) === JSON.stringify(parsed.data)
          ? []
          : ['it reads itself otherwise']),
        ...(isObject(value) ? [] : ['it is no JSON object']),
        ...(name === 'ledger entry' && isObject(value) && (value['by'] === '' || value['reason'] === '')
          ? ['nobody stands behind it']
          : []),
        ...(name === 'ledger entry' || name === 'closure'
          ? []
          : digests.flatMap(([, digest = '']) =>
              /^[0-9a-f]{64}$/.test(unquote(digest)) || isInside(text) ? [] : [`${digest} is no digest`],
            )),
      ];
    },
  };
}

/** A document with a value that nests deeper than any stack is. */
function withDepth(seed: unknown): string {
  return JSON.stringify(seed).replace(/\}$/, `,"deep":${deep}}`);
}

const unquote = (text: string) => {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
};
/** A mutation has put a key twice, or into a text: what the pattern finds is then not what JSON says. */
const isInside = (text: string) => JSON.stringify(parseJson(text)) !== text;

const common = {
  schemaVersion: 1,
  id: '01J00000000000000000000001',
  wave: 'wave-1',
  recordedAt: '2026-01-02T03:04:05.000Z',
  by: 'Ada',
  reason: 'because',
};
const judged = {
  agentId: 'A1',
  role: 'implementation',
  envelopeRole: 'implementation',
  stage: 'implementation',
  state: 'owned_slice_proven',
  resultDigest: sha,
  records: [],
  facts: [],
  components: [],
  judgement: {},
};
const predicate = {
  bundleFormat: 1,
  proofBundleId: 'wave-1/A1/attempt-1',
  state: 'owned_slice_proven',
  wave: 'wave-1',
  waveNumber: 1,
  lane: 'main',
  agentId: 'A1',
  attempt: 1,
  role: 'implementation',
  envelopeRole: 'implementation',
  stage: 'implementation',
  workKey: sha,
  acceptanceKey: sha,
  resultDigest: sha,
  executor: { id: 'local', model: null },
  versions: {},
  baseTree: oid,
  ownership: ['src/a.ts'],
  changes: [{ path: 'src/a.ts', before: null, after: { mode: '100644', oid } }],
  artifacts: [],
  proofCommands: [],
  usage: null,
  parents: [],
  failures: [],
};

const documentsRead: Subject[] = [
  document('ledger entry', ledgerEntrySchema, [
    { ...common, type: 'wave.reopened' },
    { ...common, type: 'request.answered', requestId: 'q', agentId: 'A1', text: 'both' },
    { ...common, type: 'gate.waived', code: 'blocker-open', agentId: null, until: '2027-01-01' },
    { ...common, type: 'retry.applied', agents: ['A1'], fresh: false, executorChanges: [] },
    {
      ...common,
      type: 'wave.landed',
      closureDigest: sha,
      changes: predicate.changes,
      agents: [{ agentId: 'A1', workKey: sha, resultDigest: sha }],
    },
  ]),
  document('proof manifest', proofManifestSchema, [
    {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'envelope.json', digest: { sha256: sha } }],
      predicateType: 'https://nx-wave.dev/attestation/proof-bundle/v1',
      predicate,
    },
  ]),
  document('handoff', handoffSchema, [{ schemaVersion: 1, wave: 'wave-1', workKey: sha, ...judged }]),
  document('verdict', verdictSchema, [
    {
      schemaVersion: 1,
      wave: 'wave-1',
      stage: 'implementation',
      ok: true,
      upstream: null,
      agents: [judged],
      reasons: [],
      advisories: [],
    },
  ]),
  document('closure', closureSchema, [
    {
      schemaVersion: 1,
      wave: 'wave-1',
      waveNumber: 1,
      lane: 'main',
      state: 'closed',
      landed: false,
      agents: [
        {
          agentId: 'A1',
          role: 'implementation',
          stage: 'implementation',
          state: 'closed',
          workKey: sha,
          resultDigest: sha,
          proofDigest: sha,
          proofBundleId: 'wave-1/A1/attempt-1',
        },
      ],
      verdicts: [{ stage: 'implementation', ok: true, digest: sha }],
      proof: { code: 'proven', integration: 'proven', deploy: 'not_applicable' },
      mergedTree: oid,
      changes: predicate.changes,
      patchSha256: sha,
      reasons: [],
      advisories: [],
      questions: [],
      next: 'nx run wave-1:land',
    },
  ]),
  document('claim of a shared store', claimSchema, [
    {
      schemaVersion: 1,
      op: 'op',
      workKey: sha,
      state: 'held',
      gen: 1,
      holder: { token: 't', host: 'h', boot: 'b', pidSpace: 'p', pid: 1, started: 's' },
      run: 'r',
      beat: 0,
      used: null,
      checkpoint: null,
      proofs: [],
      starts: [{ gen: 1, run: 'r', end: 'open', used: { usd: 1, tokens: 1, minutes: 1 }, failure: null }],
    },
  ]),
  document('admission of a shared store', admissionSchema, [
    {
      schemaVersion: 1,
      op: 'op',
      entries: [
        {
          workKey: sha,
          gen: 1,
          token: 't',
          reserved: { usd: 1, tokens: null, minutes: 1 },
          used: null,
          open: true,
        },
      ],
    },
  ]),
];

const eventLog: Subject = {
  name: 'log of events',
  seeds: [
    [1, 2, 3]
      .map((seq) =>
        JSON.stringify({
          schemaVersion: 1,
          seq,
          at: '2026-01-02T03:04:05.000Z',
          wave: 'wave-1',
          agentId: 'A1',
          attempt: 1,
          type: 'attempt.started',
          data: { workKey: sha },
        }),
      )
      .join('\n'),
  ],
  read(text) {
    const { events, skippedLines } = parseEventLog(text);
    const lines = text.split('\n').filter((line) => line.trim() !== '').length;
    const attempts = foldEvents(events, 'wave-1');
    return [
      ...(attempts.length <= events.length ? [] : ['attempts are made up']),
      ...(events.length + skippedLines === lines ? [] : ['lines are lost']),
      ...events.flatMap(({ attempt }) =>
        attempt === null || (Number.isInteger(attempt) && attempt > 0) ? [] : ['an attempt is no number'],
      ),
    ];
  },
};

/** What the stream of a program has to hold somewhere before it can have succeeded. */
const successWords: Readonly<Record<string, RegExp>> = {
  claude: /type[^a-z]*result/,
  codex: /turn\.completed/,
  opencode: /reason[^a-z]*stop/,
};

const streams: Subject[] = adapterRegistry
  .filter(({ executorId }) => Object.hasOwn(successWords, executorId))
  .map((adapter) => ({
    name: `stream of ${adapter.displayName}`,
    seeds: readRecordings()
      .filter(({ program }) => program === adapter.executorId)
      .map(({ lines }) =>
        lines
          .filter(({ stream }) => stream === 'stdout')
          .map(({ text }) => text)
          .join('\n'),
      ),
    read(text) {
      const outcomes = [0, 1].map((code) => {
        const reader = adapter.createStreamReader();
        const splitter = createLineSplitter({
          onLine: (line) => reader.read(line, 'stdout'),
          safeCut: (_, limit) => limit,
        });
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += 65_536) splitter.push(bytes.subarray(at, at + 65_536));
        splitter.end();
        const usage = reader.usage();
        const counted =
          usage === null ||
          [usage.inputTokens, usage.outputTokens].every((one) => Number.isFinite(one) && one >= 0);
        reader.sessionId();
        reader.structuredOutput();
        return { kind: reader.outcome({ code, signal: null }).kind, counted };
      });
      const told = outcomes.some(({ kind }) => kind === 'success');
      const wrong = [...(outcomes.every(({ counted }) => counted) ? [] : ['its usage is no number'])];
      if (!told) return wrong.length > 0 ? wrong : null;
      return successWords[adapter.executorId]?.test(text) === true
        ? wrong
        : [...wrong, 'a success that it never told'];
    },
  }));

const commandLine: Subject = {
  name: 'command line',
  seeds: ['node --test test/a.test.mjs', `sh -c 'a | b' "c d" e\\ f`, 'npx jest src/reader --ci=true'],
  read(text) {
    const line = splitCommandLine(text);
    if (!line.ok) return null;
    const quoted = line.words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const again = splitCommandLine(quoted);
    const isPlain = !/['"\\]/.test(text);
    return [
      ...(again.ok && JSON.stringify(again.words) === JSON.stringify(line.words)
        ? []
        : ['quoted words are others']),
      ...(isPlain && /[|&;<>()\n$`*?]/.test(text) ? ['a shell would have done something else'] : []),
      ...(isPlain &&
      line.words.join(' ') !==
        text
          .split(/[ \t]+/)
          .filter((word) => word !== '')
          .join(' ')
        ? ['words are lost']
        : []),
    ];
  },
};

const grants: Subject = {
  name: 'paths of an amendment',
  seeds: ['src/a.ts,src/b/', 'docs/plan.md', '.tmp/main-wave-launcher/integration/wave-1.md'],
  read(text) {
    const granted = grantablePaths(text, { stateRoots: ['.tmp'] });
    return granted.ok
      ? granted.value.filter(forbidden).map((path) => `${JSON.stringify(path)} is granted`)
      : null;
  },
};

const digestList: Subject = {
  name: 'list of digests',
  seeds: [`${sha}  a.json\n${sha}  b/c.patch\n`, `\\${sha}  a\\nb\n`],
  read(text) {
    const files = parseDigestList(text);
    if (files === null) return null;
    const names = files.map(({ path }) => path);
    return [
      ...(new Set(names).size === names.length ? [] : ['a file is named twice']),
      ...(text === '' || text.endsWith('\n') ? [] : ['its last line is torn']),
      ...files.flatMap(({ sha256 }) => (/^[0-9a-f]{64}$/.test(sha256) ? [] : ['a digest is none'])),
    ];
  },
};

const pointer: Subject = {
  name: 'LFS pointer',
  seeds: [`version https://git-lfs.github.com/spec/v1\noid sha256:${sha}\nsize 12345\n`],
  read(text) {
    const found = readPointer(text);
    if (found === null) return null;
    return /^[0-9a-f]{64}$/.test(found.sha256) &&
      Number.isSafeInteger(found.bytes) &&
      found.bytes >= 0 &&
      text.length < 1024
      ? []
      : ['it is no pointer'];
  },
};

const rawDiff: Subject = {
  name: 'patch listing of git',
  ofGit: true,
  seeds: [
    `:000000 100644 ${'0'.repeat(40)} ${oid} A\0src/a.ts\0:100644 000000 ${oid} ${'0'.repeat(40)} D\0src/b c.ts\0`,
    `:100644 120000 ${oid} ${'ef'.repeat(20)} T\0line\nend\0`,
  ],
  read(text) {
    const changes = parseRawDiff(splitNul(Buffer.from(text)), '');
    const pairs = splitNul(Buffer.from(text)).length >> 1;
    return changes.length === pairs ? [] : [`${pairs} records give ${changes.length} changes`];
  },
};

const indexListing: Subject = {
  name: 'index listing of git',
  ofGit: true,
  seeds: [`H 100644 ${oid} 0\tsrc/a.ts\0S 100755 ${oid} 0\tb\tc\0? new file\0C 100644 ${oid} 0\tsrc/a.ts\0`],
  read(text) {
    const records = splitNul(Buffer.from(text));
    const { entries, untracked, changed } = parseIndexListing(records);
    return entries.length + untracked.length + changed.length === records.length ? [] : ['records are lost'];
  },
};

const names: Subject = {
  name: 'names of files as bytes',
  seeds: ['src/a.ts', 'ä/ö.txt', '\ud83d\ude80', '\ufffd'],
  read(text) {
    const bytes = Buffer.from(text, 'latin1');
    return nameBytes(decodeName(bytes)).equals(bytes) ? [] : ['its bytes are others'];
  },
};

/** Readers whose acceptance says nothing by itself: they must not throw, and be linear. */
const tolerant: Subject[] = [
  {
    name: 'log with markers of earlier versions',
    seeds: [
      '[wave-proof] completion=integrated durability=durable proof=integration state=met detail=done\n[wave-gate] architecture=pass\n',
    ],
    read: (text) => (readLegacySignals(text), []),
  },
  {
    name: 'component matrix',
    seeds: [readFileSync(join(root, 'docs/plans/component-cutover-matrix.json'), 'utf8')],
    read: (text) => (parseComponentMatrix({ path: 'm.json', text }).ok ? [] : null),
  },
  {
    name: 'benchmark catalogue',
    seeds: ['{"version":1,"families":{"latency":{"benchmarks":{"p99":{}}}}}'],
    read: (text) => (parseBenchmarkCatalog({ path: 'b.json', text }).ok ? [] : null),
  },
  {
    name: 'principals of ssh-keygen',
    seeds: ['ada@example.test\nbob@example.test\n'],
    read: (text) =>
      principalsOf(text).every((one) => one !== '' && !one.includes('\n')) ? [] : ['a principal is none'],
  },
];

export const subjects: readonly Subject[] = [
  wave,
  configuration,
  envelope,
  ...documentsRead,
  eventLog,
  ...streams,
  commandLine,
  grants,
  digestList,
  pointer,
  rawDiff,
  indexListing,
  names,
  ...tolerant,
];
