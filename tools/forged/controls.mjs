const source = 'wave-plugin/src';
const cut = (file, from, to) => ({ file: `${source}/${file}`, from, to });

const digests = cut(
  'edges/store/bundle.ts',
  'if (digest !== (await hashFile(file.absolute)))',
  'if (digest === "")',
);
const ownKey = cut('core/verify/proof-use.ts', "if (workKey !== ask.workKey) return 'nothing';", '');
const ownership = cut(
  'core/verify/check-ownership.ts',
  'const { agent, wave, changes, artifacts, amendments } = evidence;',
  'const { agent, wave, changes, artifacts, amendments } = evidence;\n  if (agent !== null) return [];',
);
const archiveDigest = cut(
  'engine/claims/archives.ts',
  'sha256(there.body) === digest) return ok(there.body)',
  'true) return ok(there.body)',
);
const signature = cut(
  'engine/session/signatures.ts',
  'const signed = await signerOf(edges, bundle, signers);',
  'const signed = { ok: true } as Awaited<ReturnType<typeof signerOf>>;\n    void signers;',
);
const handoff = cut(
  'engine/slices/slices.ts',
  'return canonicalJson(again) === canonicalJson(handoff) ? null :',
  'return canonicalJson(again) !== "" ? null :',
);

/** Work of another key, in each of the places where it is looked at. */
const keys = [
  ownKey,
  cut('edges/store/proof-store.ts', ' || bundle.value.manifest.predicate.workKey !== workKey)', ')'),
  cut(
    'engine/agent/attempt-history.ts',
    '(one) => predicateOf(one).workKey === inputs.workKey',
    '(one) => predicateOf(one).workKey !== ""',
  ),
  cut(
    'engine/slices/slices.ts',
    "if (predicate.resultDigest !== handoff.resultDigest) return 'has another result';",
    '',
  ),
  handoff,
];
/** Nothing stands in the place of a list of slices that cannot be read, and none of those that are missing is missed. */
const slicesThere = [
  cut(
    'engine/slices/slices.ts',
    'if (!parsed.success) {',
    'if (!parsed.success) return ok([]);\n  if (!parsed.success) {',
  ),
  cut('engine/slices/stage-slices.ts', 'if (lost < 0)', 'if (lost > -2)'),
];
const judgedSlices = cut(
  'engine/slices/slices.ts',
  'function isJudged(',
  'function isJudged(..._: unknown[]) { return true; }\nfunction isJudgedReally(',
);
const closingOfToday = cut(
  'engine/wave/run-land.ts',
  "today.state === 'closed' && identity(today) === identity(stored.data)",
  'identity(today) !== ""',
);

const flipped = 'flipped';
const cutShort = 'truncated or removed';
const swapped = 'swapped or replayed';
const forged = 'forged, digests right';
const honest = 'forged, honest by every rule';

/** Rows that no rule holds, and why. */
export const withoutRule = [
  // Who can write below `.git` is the person whose repository it is: what stands there is this machine's own work.
  ...['proof store', 'attempts'].map((place) => ({ place, kind: honest })),
];

/**
 * Negative controls: rules are taken out of the bundled code (never of the product), and the rows that they hold have to be red
 * then. Several cuts are one rule where it is held in several places.
 */
export const controls = [
  {
    rule: 'the files of a bundle have the hashes of its manifest',
    cuts: [digests],
    rows: ['proof store', 'attempts', 'results'].flatMap((place) =>
      [flipped, cutShort].map((kind) => ({ place, kind })),
    ),
  },
  {
    rule: 'proven work is that of the key that is asked for',
    cuts: keys,
    rows: ['proof store', 'attempts', 'results', 'shared store'].map((place) => ({ place, kind: swapped })),
  },
  {
    rule: 'an agent changes what it owns, by the wave file of today',
    cuts: [ownership],
    rows: ['proof store', 'attempts', 'results', 'shared store'].map((place) => ({ place, kind: forged })),
  },
  {
    rule: 'what others have made is proven here before it counts',
    cuts: [
      cut(
        'core/verify/proof-use.ts',
        "return foreign === true && ask.trust === 'reprove' ? 'verify' : 'serve';",
        "return 'serve';",
      ),
    ],
    rows: ['results', 'shared store'].map((place) => ({ place, kind: honest })),
  },
  {
    rule: 'an archive of the shared store has the digest that its claim names, and its files those of its manifest',
    cuts: [archiveDigest, digests],
    rows: [flipped, cutShort].map((kind) => ({ place: 'shared store', kind })),
  },
  {
    rule: 'under trust "signed" somebody has signed it who may',
    cuts: [signature, digests, archiveDigest],
    rows: ['results, signed', 'shared store, signed'].flatMap((place) =>
      [flipped, cutShort, forged, honest].map((kind) => ({ place, kind })),
    ),
  },
  {
    rule: 'signed work is that of the key that is asked for, too',
    cuts: [signature, archiveDigest, digests, ...keys],
    rows: ['results, signed', 'shared store, signed'].map((place) => ({ place, kind: swapped })),
  },
  {
    rule: 'a handoff is the one that its bundle gives',
    cuts: [handoff],
    rows: [{ place: 'handoffs', kind: flipped }],
  },
  {
    rule: 'every agent of a stage has handed off what it is asked for today',
    cuts: [
      cut('engine/stages/run-gate.ts', 'failures.push(handoff.error);', ''),
      cut(
        'gates/handoffs.gate.ts',
        'const findings = own.flatMap(',
        'const findings = own.filter(() => false).flatMap(',
      ),
      ...slicesThere,
    ],
    rows: [cutShort, swapped].map((kind) => ({ place: 'handoffs', kind })),
  },
  {
    rule: 'the slices of a stage are those of its verdict',
    cuts: [judgedSlices],
    rows: ['verdicts and slices', 'last verdict and slices'].flatMap((place) =>
      [flipped, forged].map((kind) => ({ place, kind })),
    ),
  },
  {
    rule: 'the slices of a stage are there, and those of all its agents',
    cuts: slicesThere,
    rows: ['verdicts and slices', 'last verdict and slices'].flatMap((place) =>
      [cutShort, swapped].map((kind) => ({ place, kind })),
    ),
  },
  {
    rule: 'what prove shows is the patch that it recorded',
    cuts: [
      cut(
        'engine/wave/run-launch.ts',
        'sha256(patch) !== (await readProve(session))?.patchSha256',
        'sha256(patch) === ""',
      ),
    ],
    rows: [flipped, cutShort, swapped].map((kind) => ({ place: 'record of prove', kind })),
  },
  {
    rule: 'a closing is of the specs and proofs of today',
    cuts: [closingOfToday],
    rows: [flipped, swapped].map((kind) => ({ place: 'closing', kind })),
  },
  {
    rule: 'what lands was closed',
    cuts: [
      closingOfToday,
      cut(
        'engine/wave/run-land.ts',
        "if (!stored.success || stored.data.state !== 'closed') {",
        'if (stored === null) {',
      ),
      cut('engine/wave/run-land.ts', '{ closure: stored.data,', '{ closure: { ...today, ...stored.data },'),
    ],
    rows: [{ place: 'closing', kind: cutShort }],
  },
  {
    rule: 'a record of a merged tree is of that tree, and sealed',
    cuts: [
      cut(
        'engine/slices/tree-memo.ts',
        'if (seal !== undefined && seal !== sealOf({ results, heldOut }, asked.key)) return null;',
        '',
      ),
    ],
    rows: [flipped, swapped].map((kind) => ({ place: 'proofs of merged trees', kind })),
  },
  {
    rule: 'a record of a merged tree that cannot be read says nothing',
    cuts: [
      cut(
        'engine/slices/tree-memo.ts',
        'if (!parsed.success) return null;',
        'if (!parsed.success) return text === null ? null : { results: [], heldOut: [] };',
      ),
    ],
    rows: [{ place: 'proofs of merged trees', kind: cutShort }],
  },
  {
    rule: 'an entry of the ledger is of the wave in whose ledger it stands',
    cuts: [cut('engine/session/session.ts', ' && isOfLedger(parsed.data, folder)', '')],
    rows: [{ place: 'ledger', kind: swapped }],
  },
  {
    rule: 'an entry of the ledger that cannot be read is named',
    cuts: [cut('engine/session/session.ts', 'warnings.push(', '[].push(')],
    rows: [flipped, cutShort].map((kind) => ({ place: 'ledger', kind })),
  },
  {
    rule: 'the slice that a person has put in the place of an agent is the one that counts',
    cuts: [
      cut(
        'engine/slices/proof-ask.ts',
        'adopted: adoptionOf(session.ledger, { unitId, workKey: keys.workKey })',
        'adopted: null',
      ),
    ],
    rows: [{ place: 'ledger', kind: forged }],
  },
  {
    rule: 'the files of a bundle have the hashes of its manifest (published code)',
    without: 'bytes',
    file: '/results/',
    rows: [flipped, cutShort, swapped].flatMap((kind) => [
      { place: 'remote cache', kind },
      { place: 'Nx cache', kind },
    ]),
  },
];
