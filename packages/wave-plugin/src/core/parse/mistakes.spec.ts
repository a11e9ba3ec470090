import { failureCodes, type FailureCode } from '@nx-wave/schemas/plain';
import { parseWave } from '../../built-in';
import { fullWave } from '../../testing/wave-file';

const path = 'docs/plans/waves/wave-7.md';

/** One mistake: what stands in the good wave, what is written instead, the code, and the text that is blamed. */
type Mistake = [what: string, from: string, to: string, code: FailureCode, blamed: string];

const heading = (name: string): string => `### ${name}\n`;

const headings: Mistake[] = [
  [
    'an agent heading without a colon',
    '## Agent A2: Sensor',
    '## Agent A2 Sensor',
    'agent-heading-malformed',
    'Agent A2 Sensor store',
  ],
  [
    'an agent heading without a title',
    '## Agent A2: Sensor store',
    '## Agent A2:',
    'agent-heading-malformed',
    'Agent A2:',
  ],
  [
    'an agent heading without an id',
    '## Agent A2: Sensor',
    '## Agent : Sensor',
    'agent-heading-malformed',
    'Agent : Sensor store',
  ],
  [
    'an agent heading in small letters',
    '## Agent A2: Sensor',
    '## agent A2: Sensor',
    'agent-heading-malformed',
    'agent A2: Sensor store',
  ],
  [
    'an agent heading of another level',
    '## Agent A9: Doc',
    '### Agent A9: Doc',
    'agent-heading-malformed',
    'Agent A9: Documentation',
  ],
  [
    'an agent id that is a path',
    '## Agent A2: Sensor',
    '## Agent ../A2: Sensor',
    'agent-id-invalid',
    'Agent ../A2: Sensor store',
  ],
  [
    'an agent id with a blank',
    '## Agent A2: Sensor',
    '## Agent the second: Sensor',
    'agent-id-invalid',
    'Agent the second: Sensor store',
  ],
  [
    'two agents of one id',
    '## Agent A9: Doc',
    '## Agent a2: Doc',
    'agent-duplicate',
    'Agent a2: Documentation',
  ],
  [
    'a misspelled section',
    heading('Deliverables'),
    heading('Deliverable'),
    'section-misspelled',
    'Deliverable',
  ],
  [
    'a section in small letters',
    heading('Exit contract'),
    heading('exit contract'),
    'section-misspelled',
    'exit contract',
  ],
  [
    'two letters swapped in a heading',
    heading('Capabilities'),
    heading('Capabilites'),
    'section-misspelled',
    'Capabilites',
  ],
  [
    'a section that stands twice',
    '### Skills\n\n- role-reader',
    '### Skills\n\n- role-reader\n\n### Skills\n\n- other',
    'section-duplicate',
    'Skills',
  ],
  [
    'a wave section that stands twice',
    '## Notes',
    '## Depends on\n\n- wave-5\n\n## Notes',
    'section-duplicate',
    'Depends on',
  ],
  ['a fence that never ends', '~~~\n\n## Agent A0', '## Agent A0', 'fence-unclosed', '~~~'],
];

const executor: Mistake[] = [
  ['an unknown executor', '- id: codex', '- id: gemini', 'value-unknown-word', 'gemini'],
  ['a misspelled executor', '- id: codex', '- id: codx', 'value-unknown-word', 'codx'],
  ['a misspelled key', '- model: gpt', '- modle: gpt', 'key-misspelled', 'modle'],
  ['a misspelled option', 'codex.sandbox', 'codex.sandbx', 'key-misspelled', 'codex.sandbx'],
  ['an option in another spelling', 'codex.add_dirs', 'codex.add-dirs', 'key-misspelled', 'codex.add-dirs'],
  [
    'a key that is set twice',
    '- model: gpt-5-codex',
    '- model: gpt-5-codex\n- model: other',
    'key-duplicate',
    'model',
  ],
  ['a key without a value', '- model: gpt-5-codex', '- model:', 'value-empty', 'model'],
  ['a line that is no pair', '- model: gpt-5-codex', '- model gpt', 'entry-malformed', 'model gpt'],
  [
    'prose between the keys',
    '- model: gpt-5-codex',
    'Use the big model.',
    'entry-malformed',
    'Use the big model.',
  ],
  ['an unknown fallback', 'claude, opencode', 'claude, openkode', 'value-unknown-word', 'claude, openkode'],
  ['a budget of nothing', 'budget.minutes: 45', 'budget.minutes: 0', 'value-not-integer', '0'],
  ['a budget with a unit', 'budget.minutes: 45', 'budget.minutes: 45m', 'value-not-integer', '45m'],
  ['a negative price', 'budget.usd: 2.50', 'budget.usd: -1', 'value-not-number', '-1'],
  ['a price with a sign', 'budget.usd: 2.50', 'budget.usd: $2', 'value-not-number', '$2'],
  ['a misspelled budget', 'budget.usd', 'budget.used', 'key-misspelled', 'budget.used'],
  ['an unknown sandbox', 'workspace-write', 'workspace-rite', 'value-unknown-word', 'workspace-rite'],
  ['a word that is no boolean', 'codex.json: true', 'codex.json: maybe', 'value-not-boolean', 'maybe'],
  [
    'an option of another executor',
    '- codex.json: true',
    '- claude.effort: low',
    'executor-foreign-option',
    'claude.effort',
  ],
  ['an unknown retry policy', 'retry-policy: sticky', 'retry-policy: stick', 'value-unknown-word', 'stick'],
  ['turns that are no number', 'max_turns: 20', 'max_turns: many', 'value-not-integer', 'many'],
  [
    'settings that are no JSON',
    '{"permissions":{"allow":["Read"]}}',
    '{"permissions":',
    'value-not-json-object',
    '{"permissions":',
  ],
  [
    'settings that are a list',
    '{"permissions":{"allow":["Read"]}}',
    '["Read"]',
    'value-not-json-object',
    '["Read"]',
  ],
];

const lists: Mistake[] = [
  ['a component in capitals', '- sensor-reader\n', '- Sensor-Reader\n', 'id-malformed', 'Sensor-Reader'],
  [
    'a component that is not promoted',
    '- sensor-store\n',
    '- sensor-stor\n',
    'component-not-promoted',
    'sensor-stor',
  ],
  [
    'a component listed twice',
    '- sensor-reader\n',
    '- sensor-reader\n- sensor-reader\n',
    'entry-duplicate',
    'sensor-reader',
  ],
  [
    'a capability with a blank',
    '- schema-migration',
    '- schema migration',
    'id-malformed',
    'schema migration',
  ],
  ['a skill that is a path', '- role-reader', '- ../role-reader', 'id-malformed', '../role-reader'],
  ['an entry without text', '- role-reader', '- role-reader\n-', 'entry-malformed', '-'],
  ['an entry without its bullet', '- role-reader', 'role-reader', 'entry-malformed', 'role-reader'],
  ['a fence in a list section', '- role-reader', '- role-reader\n```\nx\n```', 'entry-malformed', '```'],
  ['a dependency on nobody', '- A1\n', '- A3\n', 'depends-on-unknown', 'A3'],
  ['a dependency on itself', '- A1\n', '- A2\n', 'depends-on-itself', 'A2'],
  ['a dependency on a later stage', '- A1\n', '- A9\n', 'depends-on-later-stage', 'A9'],
  ['a dependency listed twice', '- A1\n', '- A1\n- A1\n', 'entry-duplicate', 'A1'],
  [
    'a wave dependency that is no wave',
    '- wave-6',
    '- the last wave',
    'depends-on-malformed',
    'the last wave',
  ],
  ['a wave dependency listed twice', '- wave-6', '- wave-6\n- wave-6', 'entry-duplicate', 'wave-6'],
];

const contracts: Mistake[] = [
  ['an unknown completion', 'completion: integrated', 'completion: bananas', 'value-unknown-word', 'bananas'],
  ['an unknown durability', 'durability: durable', 'durability: durably', 'value-unknown-word', 'durably'],
  ['an unknown proof', 'proof: integration', 'proof: manual', 'value-unknown-word', 'manual'],
  ['an unknown doc impact', 'doc-impact: owned', 'doc-impact: some', 'value-unknown-word', 'some'],
  ['a misspelled contract key', 'doc-impact: owned', 'doc_impact: owned', 'key-misspelled', 'doc_impact'],
  [
    'a contract key that is set twice',
    '- durability: durable',
    '- durability: durable\n- durability: none',
    'key-duplicate',
    'durability',
  ],
  [
    'a contract without one of its keys',
    '- durability: durable\n',
    '',
    'exit-contract-incomplete',
    'Exit contract',
  ],
];

const paths: Mistake[] = [
  [
    'a deliverable nobody owns',
    '- src/reader/index.ts',
    '- src/other/index.ts',
    'deliverable-not-owned',
    'src/other/index.ts',
  ],
  [
    'a deliverable listed twice',
    '- src/reader/read.spec.ts',
    '- src/reader/index.ts',
    'entry-duplicate',
    'src/reader/index.ts',
  ],
  [
    'a deliverable that is a folder',
    '- src/reader/index.ts',
    '- src/reader/lib/',
    'path-not-a-file',
    'src/reader/lib/',
  ],
  [
    'an absolute deliverable',
    '- src/reader/index.ts',
    '- /src/reader/index.ts',
    'path-outside',
    '/src/reader/index.ts',
  ],
  [
    'a deliverable that climbs',
    '- src/reader/index.ts',
    '- src/reader/../../x.ts',
    'path-outside',
    'src/reader/../../x.ts',
  ],
  [
    'a deliverable with backslashes',
    '- src/reader/index.ts',
    '- src\\reader\\index.ts',
    'path-malformed',
    'src\\reader\\index.ts',
  ],
  [
    'a role prompt outside the workspace',
    'wave-documentation-role.md',
    '../../../x.md',
    'path-outside',
    'docs/agents/../../../x.md',
  ],
  [
    'an artifact nobody owns',
    '- .tmp/proof/summary.txt\n\n### Proof',
    '- .tmp/other.txt\n\n### Proof',
    'proof-artifact-not-owned',
    '.tmp/other.txt',
  ],
  [
    'an artifact without a path',
    'path: .tmp/proof/readings.json | kind: dump',
    'kind: dump',
    'entry-malformed',
    'kind: dump | required-for: baseline-proved,pilot-live',
  ],
  [
    'an artifact for an unknown level',
    'baseline-proved,pilot-live',
    'baseline-proved,pilot-life',
    'value-unknown-word',
    'baseline-proved,pilot-life',
  ],
  ['an artifact with a misspelled field', 'required-for:', 'required_for:', 'key-misspelled', 'required_for'],
  [
    'an artifact that is a folder',
    'path: .tmp/proof/readings.json',
    'path: .tmp/proof/',
    'path-not-a-file',
    'path: .tmp/proof/ | kind: dump | required-for: baseline-proved,pilot-live',
  ],
];

const ownership: Mistake[] = [
  ['an owned path that is absolute', '- src/store/', '- /src/store/', 'path-outside', '/src/store/'],
  ['an owned path in the home folder', '- src/store/', '- ~/store/', 'path-outside', '~/store/'],
  ['an owned path on a drive', '- src/store/', '- C:/store/', 'path-outside', 'C:/store/'],
  ['an owned path that climbs', '- src/store/', '- src/../../store/', 'path-outside', 'src/../../store/'],
  ['an owned path in the repository folder', '- src/store/', '- .git/hooks/', 'path-git', '.git/hooks/'],
  [
    'an owned path in a nested repository folder',
    '- src/store/',
    '- src/.GIT/config',
    'path-git',
    'src/.GIT/config',
  ],
  ['the whole workspace', '- src/store/', '- ./', 'path-malformed', './'],
  [
    'a path of the runner',
    '- src/store/',
    '- .tmp/main-wave-launcher/results/x.json',
    'path-reserved',
    '.tmp/main-wave-launcher/results/x.json',
  ],
  ['the whole state root', '- src/store/', '- .tmp/', 'path-reserved', '.tmp/'],
  [
    'an artifact that another agent makes too',
    '- src/store/',
    '- .tmp/proof/summary.txt',
    'ownership-overlap',
    '.tmp/proof/summary.txt',
  ],
  [
    'the ledger',
    '- src/store/',
    '- docs/plans/waves/wave-7.ledger/',
    'path-reserved',
    'docs/plans/waves/wave-7.ledger/',
  ],
  ['no owned path at all', '- src/store/', '', 'ownership-missing', 'Prompt'],
  [
    'no prompt section',
    '### Prompt\n\n```\nKeep',
    '### Words\n\n```\nKeep',
    'prompt-missing',
    'Agent A2: Sensor store',
  ],
  [
    'a prompt without a fence',
    '```\nKeep what was read.\n\nFile ownership:\n- src/store/\n```',
    'Keep what was read.',
    'prompt-missing',
    'Prompt',
  ],
  ['an empty prompt', 'Keep what was read.\n\nFile ownership:\n- src/store/\n', '', 'prompt-missing', '```'],
];

const before = '### Prompt\n\n```\nKeep';
const holdingOut = (line: string) => `### Proof strength\n\n- held-out: ${line}\n\n${before}`;

/** What an agent would be shown all the same. */
const heldOut: Mistake[] = [
  [
    'a held-out entry that names files and no command',
    before,
    holdingOut('| files: checks/a.mjs'),
    'entry-malformed',
    'held-out',
  ],
  [
    'a held-out entry with something else than files behind its command',
    before,
    holdingOut('node a.mjs | folder: checks/'),
    'entry-malformed',
    'held-out',
  ],
  [
    'a held-out entry with words behind its command',
    before,
    holdingOut('node a.mjs | checks'),
    'entry-malformed',
    'held-out',
  ],
  [
    'a held-out file outside of the workspace',
    before,
    holdingOut('node a.mjs | files: ../a.mjs'),
    'path-outside',
    '../a.mjs',
  ],
  [
    'a held-out file that an agent owns',
    before,
    holdingOut('node a.mjs | files: src/store/a.mjs'),
    'held-out-exposed',
    'held-out',
  ],
  [
    'a held-out command that another agent runs',
    before,
    holdingOut('npx jest src/reader'),
    'held-out-exposed',
    'held-out',
  ],
  [
    'a held-out file that a proof command runs',
    before,
    holdingOut('node a.mjs | files: tools/check.mjs'),
    'held-out-exposed',
    'held-out',
  ],
  [
    'a held-out file that a prompt names',
    before,
    `${holdingOut('node a.mjs | files: checks/a.mjs')} checks/a.mjs green.\nKeep`,
    'held-out-exposed',
    'held-out',
  ],
];

const waveLevel: Mistake[] = [
  [
    'two commit messages',
    'Some prose of the author.',
    '**Commit message**: `again`',
    'wave-commit-message',
    '**Commit message**: `again`',
  ],
  [
    'a promotion without a level',
    'sensor-store: repo-landed',
    'sensor-store:',
    'value-empty',
    'sensor-store',
  ],
  [
    'a promotion to an unknown level',
    'sensor-store: repo-landed',
    'sensor-store: repo-lande',
    'value-unknown-word',
    'repo-lande',
  ],
  [
    'a promotion without a colon',
    'sensor-store: repo-landed',
    'sensor-store',
    'entry-malformed',
    'sensor-store',
  ],
  [
    'a component promoted twice',
    '- sensor-store: repo-landed',
    '- sensor-store: repo-landed\n- sensor-store: pilot-live',
    'entry-duplicate',
    'sensor-store',
  ],
  [
    'prose among promotions',
    '- sensor-store: repo-landed',
    '- sensor-store: repo-landed\nand more',
    'entry-malformed',
    'and more',
  ],
  [
    'a bundle that is a path',
    '- bundle: typescript',
    '- bundle: ../typescript',
    'id-malformed',
    '../typescript',
  ],
  ['a misspelled bundle', '- bundle: typescript', '- bundl: typescript', 'key-misspelled', 'bundl'],
  ['an environment without a kind', '`prod`: `kubernetes`', '`prod`', 'environment-malformed', '`prod`'],
  [
    'an environment with two kinds',
    '`prod`: `kubernetes`',
    'prod: kubernetes aws',
    'environment-malformed',
    'prod: kubernetes aws',
  ],
  [
    'an environment declared twice',
    '`prod`: `kubernetes`',
    'staging: kubernetes',
    'entry-duplicate',
    'staging: kubernetes',
  ],
  [
    'two default environments',
    '`prod`: `kubernetes`',
    'prod: kubernetes default',
    'environment-default-duplicate',
    'prod: kubernetes default',
  ],
  [
    'environment notes that never end',
    '(the shared box)',
    '(the shared box',
    'environment-malformed',
    'staging: docker-compose default (the shared box',
  ],
  ['an unknown selection', 'selection: pinned', 'selection: pined', 'value-unknown-word', 'pined'],
  [
    'a target without an objective',
    ' | objective: Stay fast',
    '',
    'eval-target-incomplete',
    'id: latency | selection: pinned | benchmarks: cold-start,warm-start | threshold: below 50 ms',
  ],
  [
    'a pinned target without benchmarks',
    ' | benchmarks: cold-start,warm-start',
    '',
    'eval-target-incomplete',
    'id: latency | selection: pinned | objective: Stay fast | threshold: below 50 ms',
  ],
  [
    'a delegated target without a family',
    ' | benchmark-family: quality',
    '',
    'eval-target-incomplete',
    'id: recall | selection: delegated | objective: Miss nothing | threshold: no misses',
  ],
  [
    'a target declared twice',
    'id: recall',
    'id: latency',
    'entry-duplicate',
    'id: latency | selection: delegated | benchmark-family: quality | objective: Miss nothing | threshold: no misses',
  ],
  [
    'a target with a misspelled field',
    'threshold: no misses',
    'treshold: no misses',
    'key-misspelled',
    'treshold',
  ],
  ['a target field without a colon', '| threshold: no misses', '| no misses', 'entry-malformed', 'no misses'],
];

const mistakes = [
  ...headings,
  ...executor,
  ...lists,
  ...contracts,
  ...paths,
  ...ownership,
  ...heldOut,
  ...waveLevel,
];

function errorsOf(text: string, file = path) {
  const parsed = parseWave({ path: file, text });
  return parsed.ok ? [] : parsed.failures.filter(({ severity }) => severity === 'error');
}

describe('a single mistake in a wave file', () => {
  it.each(mistakes)('%s is reported where it stands', (_what, from, to, code, blamed) => {
    expect(fullWave.includes(from)).toBe(true);
    const text = fullWave.replace(from, () => to);
    const found = errorsOf(text).find((failure) => failure.code === code);
    expect(errorsOf(text).map((failure) => failure.code)).toContain(code);
    const range = found?.place?.range;
    if (!found || !range) throw new Error('no position');
    const line = text.split('\n')[range.start.line - 1] ?? '';
    expect(line.slice(range.start.column - 1, range.end.column - 1)).toBe(blamed);
    expect(range.end.line).toBe(range.start.line);
    expect(found.place?.path).toBe(path);
    expect(found.excerpt).toContain('^');
    expect(found.next).toBeTruthy();
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('is one of more than eighty that differ in what they are and in what they do to the file', () => {
    const distinct = (texts: string[]): number => new Set(texts).size;
    expect(distinct(mistakes.map(([what]) => what))).toBe(mistakes.length);
    expect(distinct(mistakes.map(([, from, to]) => fullWave.replace(from, () => to)))).toBe(mistakes.length);
    expect(mistakes.length).toBeGreaterThan(80);
  });

  it.each(['wave-x.md', 'docs/wave7.md', 'docs/Wave-7.md', 'wave-7.markdown', 'wave-9999999999999999.md'])(
    'in the name %s of the file is reported',
    (file) => {
      expect(errorsOf(fullWave, file)).toMatchObject([{ code: 'wave-invalid-filename' }]);
    },
  );

  it('in nothing but a longer name is a warning: the file is read and becomes no project', () => {
    const read = parseWave({ path: 'docs/plans/examples/wave-7-draft.md', text: fullWave });
    expect(read).toMatchObject({ ok: true, value: { wave: 7 } });
    expect(read.ok && read.warnings.map(({ code }) => code)).toContain('wave-file-not-discovered');
  });

  it.each(['', '\n\n', '# Wave 7 - Nothing yet', 'just prose'])(
    'in a file without agents (%j) is reported',
    (text) => {
      expect(errorsOf(text)).toMatchObject([{ code: 'wave-no-agents' }]);
    },
  );

  it('does not hide another one', () => {
    const text = fullWave
      .replace('- id: codex', '- id: codx')
      .replace('durability: durable', 'durability: bananas')
      .replace('- src/store/', '- ../store/');
    expect(errorsOf(text).map(({ code }) => code)).toEqual([
      'value-unknown-word',
      'value-unknown-word',
      'path-outside',
    ]);
  });

  it('names the word that was meant', () => {
    const [failure] = errorsOf(fullWave.replace('codex.sandbox', 'codex.sandbx'));
    expect(failure?.facts).toEqual({ nearest: 'codex.sandbox' });
    expect(failure?.next).toBe('Write `codex.sandbox`.');
    expect(failure?.excerpt).toBe('- codex.sandbx: workspace-write\n  ^^^^^^^^^^^^');
  });

  it('shows no control characters and cuts long lines', () => {
    const [failure] = errorsOf(fullWave.replace('- id: codex', `- id: \u001b[31m${'x'.repeat(5_000)}`));
    expect(failure?.excerpt).not.toContain('\u001b');
    expect(failure?.message).not.toContain('\u001b');
    expect(failure?.excerpt?.length).toBeLessThan(400);
  });
});

describe('what is only a warning', () => {
  it.each<[string, string, string, FailureCode]>([
    ['a section far from every known one', heading('Skills'), heading('Ideas'), 'section-unknown'],
    ['a key far from every known one', '- model: gpt-5-codex', '- temperature: 0.2', 'key-unknown'],
    ['a misspelled wave section', '## Component promotions', '## Component promotion', 'section-misspelled'],
    ['text after the prompt', '## Agent A9', 'And one more thing.\n\n## Agent A9', 'prompt-trailing-text'],
    [
      'a commit message without backticks',
      '`feat: read sensors in one pass`',
      'feat: read',
      'wave-commit-message',
    ],
    ['a heading of another wave', '# Wave 7 -', '# Wave 8 -', 'wave-number-mismatch'],
    ['an owned pattern', '- src/store/', '- src/store/*.ts', 'path-suspicious'],
    [
      'a folder of artifacts that another agent writes to',
      '- src/store/',
      '- src/store/\n- .tmp/proof/',
      'ownership-overlap',
    ],
    [
      'a sentence in a section of entries',
      '- role-reader\n',
      '- role-reader\n\nAdd `role-writer` here too when the store\nchanges as well.\n',
      'section-prose',
    ],
    ['a quoted remark in a section', '- role-reader\n', '> for now\n\n- role-reader\n', 'section-prose'],
    ['an empty section', '- role-reader\n', '', 'section-empty'],
    [
      'a dependency that the stage has anyway',
      '### Role prompts\n\n- docs/agents/wave-documentation',
      '### Depends on\n\n- A1\n\n### Role prompts\n\n- docs/agents/wave-documentation',
      'depends-on-earlier-stage',
    ],
  ])('%s', (_what, from, to, code) => {
    const text = fullWave.replace(
      '- sensor-reader\n\n',
      code === 'section-misspelled' ? '\n' : '- sensor-reader\n\n',
    );
    const parsed = parseWave({ path, text: text.replace(from, () => to) });
    const found = parsed.ok ? parsed.warnings : parsed.failures;
    expect(found.filter(({ severity }) => severity === 'warning').map((one) => one.code)).toContain(code);
  });
});

describe('every code', () => {
  it('has a sentence of its own', () => {
    const sentences = Object.values(failureCodes);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^\S.*\.$/);
  });
});
