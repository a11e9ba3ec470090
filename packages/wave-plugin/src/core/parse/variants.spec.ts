import { parseWave } from '../../built-in';
import { type AgentSpec, type WaveDefinition } from '@nx-wave/schemas';

const path = 'docs/plans/waves/wave-5.md';

function read(text: string) {
  const parsed = parseWave({ path, text });
  if (!parsed.ok)
    throw new Error(parsed.failures.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return parsed;
}

/** The block of one agent: lines above its prompt, and lines inside it. */
const agentOf = (id: string, above: string[], prompt: string[]) =>
  [`## Agent ${id}: Work of ${id}`, ...above, '### Prompt', '```text', ...prompt, '```'].join('\n');

const owns = ['File ownership (only touch these paths):', '- src/a.ts'];

type Variant = [
  what: string,
  text: string,
  wave: Partial<WaveDefinition>,
  agent: Partial<AgentSpec>,
  /** Codes of warnings; notes are not listed. */
  warnings?: string[],
];

const variants: Variant[] = [
  [
    'TOML front matter and sections without blank lines',
    [
      '+++',
      'id = 5',
      'title = "# no heading"',
      'depends_on = [1]',
      '# nor this',
      '+++',
      '# Wave 5 - Oven',
    ].join('\n') +
      '\n\n**Commit message**: `Feat: oven`\n\n## Component promotions\n- oven: repo-landed\n' +
      '## Deploy environments\n- repo-local: custom default (nothing live)\n\n' +
      agentOf(
        'A1',
        [
          '### Components',
          '- oven',
          '### File ownership',
          '- src/a.ts',
          '### Final markers',
          '- [wave-proof]',
        ],
        owns,
      ),
    {
      title: 'Oven',
      commitMessage: 'Feat: oven',
      promotions: [{ componentId: 'oven', targetLevel: 'repo-landed' }],
      deployEnvironments: [{ id: 'repo-local', kind: 'custom', isDefault: true, notes: 'nothing live' }],
    },
    { components: ['oven'], ownedPaths: ['src/a.ts'] },
    ['front-matter-unread', 'section-unknown', 'section-unknown'],
  ],
  [
    'YAML front matter with comments',
    `---\n# a comment of YAML\ntitle: Not this\n---\n\n# Wave 5: Rye\n\n${agentOf('A1', [], owns)}`,
    { title: 'Rye' },
    {},
    ['front-matter-unread'],
  ],
  [
    'rules instead of front matter',
    `---\n\n# Wave 5 — Rye\n\n## Notes\n\n---\n\n${agentOf('A1', [], owns)}\n\n---\n`,
    { title: 'Rye' },
    {},
    ['prompt-trailing-text'],
  ],
  [
    'a title with an emoji and no number',
    `# 🌾 The rye release\n\n${agentOf('A1', [], owns)}`,
    { title: '🌾 The rye release' },
    {},
  ],
  [
    'a padded number in the title',
    `# WAVE 05 – Rye & spelt: both\n\n${agentOf('A1', [], owns)}`,
    { title: 'Rye & spelt: both' },
    {},
  ],
  [
    'no title at all, and prose before the first section',
    `Some words.\n\n- a list\n- of notes\n\n${agentOf('A1', [], owns)}`,
    { title: null, commitMessage: null },
    { title: 'Work of A1' },
  ],
  [
    'stars, pluses and numbers as bullets',
    agentOf(
      'A1',
      [
        '### Skills',
        '* one',
        '* two',
        '### Capabilities',
        '+ bake',
        '### Deliverables',
        '1. src/a.ts',
        '2) src/b.ts',
      ],
      ['File ownership:', '* src/a.ts', '+ src/b.ts'],
    ),
    {},
    {
      skills: ['one', 'two'],
      capabilities: ['bake'],
      deliverables: ['src/a.ts', 'src/b.ts'],
      ownedPaths: ['src/a.ts', 'src/b.ts'],
    },
  ],
  [
    'task lists',
    agentOf('A1', ['### Deliverables', '- [ ] src/a.ts', '- [x] `src/b.ts`'], [...owns, '- [ ] src/b.ts']),
    {},
    { deliverables: ['src/a.ts', 'src/b.ts'], ownedPaths: ['src/a.ts', 'src/b.ts'] },
  ],
  [
    'links as paths',
    agentOf(
      'A1',
      [
        '### Role prompts',
        '- [docs/agents/baker.md](../../agents/baker.md)',
        '### Deliverables',
        '- [the oven](src/a.ts)',
        '- [`src/b.ts`](<../../../src/b.ts>)',
      ],
      ['File ownership:', '- [src/a.ts](src/a.ts)', '- src/b.ts'],
    ),
    {},
    {
      rolePrompts: ['docs/agents/baker.md'],
      deliverables: ['src/a.ts', 'src/b.ts'],
      ownedPaths: ['src/a.ts', 'src/b.ts'],
    },
  ],
  [
    'paths with brackets and groups, which are no links',
    agentOf(
      'A1',
      [],
      ['File ownership:', '- app/[id]/page.tsx', '- app/(shop)/cart.tsx', '- "app/[...slug]/"'],
    ),
    {},
    { ownedPaths: ['app/[id]/page.tsx', 'app/(shop)/cart.tsx', 'app/[...slug]/'] },
  ],
  [
    'bold and quoted labels',
    agentOf(
      'A1',
      [
        '### Executor',
        '- **id**: codex',
        '- **model:** `gpt-5-codex`',
        '- `budget.minutes`: 30',
        '- __tags__: "fast", slow',
        '### Exit contract',
        '- **completion:** integrated',
        '- *durability*: none',
        '- `proof`: `unit`',
        '- "doc-impact": owned',
      ],
      owns,
    ),
    {},
    {
      executor: {
        id: 'codex',
        profile: null,
        model: 'gpt-5-codex',
        fallbacks: [],
        tags: ['fast', 'slow'],
        retryPolicy: null,
        allowFallbackOnRetry: null,
        budget: { minutes: 30 },
        options: {},
      },
      exitContract: { completion: 'integrated', durability: 'none', proof: 'unit', docImpact: 'owned' },
    },
  ],
  [
    'bold labels and headings in the prompt',
    agentOf(
      'A1',
      [],
      [
        '# Task',
        '**Required context before coding:**',
        '- Read docs/a.md.',
        '## Ownership',
        '**File ownership (only touch these paths):**',
        '- src/a.ts',
        '**Rules:**',
        '- src/never.ts is not yours',
        '### File ownership of tests',
        '- src/a.spec.ts',
        '# Done',
        '- src/nor.ts',
      ],
    ),
    {},
    { ownedPaths: ['src/a.ts', 'src/a.spec.ts'], requiredContext: ['docs/a.md'] },
  ],
  [
    'comments between entries, around sections and inside lines',
    [
      '<!-- owner: bakery -->',
      '# Wave 5 - Rye',
      '<!--',
      '## Agent Z9: parked',
      '**Commit message**: `not this`',
      '-->',
      '**Commit message**: `Feat: rye`',
      agentOf(
        'A1',
        [
          '### Skills',
          '<!-- add more',
          'later -->',
          '- one <!-- the first -->',
          '### Capabilities',
          '<!-- none yet -->',
          '- bake',
        ],
        [...owns, '<!-- a comment of the prompt -->'],
      ),
    ].join('\n'),
    { commitMessage: 'Feat: rye' },
    { skills: ['one'], capabilities: ['bake'] },
  ],
  [
    'a comment that never ends, and one that text follows',
    `# Wave 5 - Rye\n\n<!-- one --> and text\n\n<!-- open\n\n${agentOf('A1', [], owns)}`,
    { title: 'Rye' },
    {},
  ],
  [
    'a remark under the skills',
    agentOf(
      'A1',
      ['### Skills', '', '- one', '', 'Add `two` here as well when the oven', 'gets a second door.', ''],
      owns,
    ),
    {},
    { skills: ['one'] },
    ['section-prose'],
  ],
  [
    'nested lists',
    agentOf(
      'A1',
      ['### Deliverables', '- src/a.ts', '  - src/b/c.ts', '\t* src/b/d.ts'],
      ['File ownership:', '- src/a.ts', '  - src/b/'],
    ),
    {},
    { deliverables: ['src/a.ts', 'src/b/c.ts', 'src/b/d.ts'], ownedPaths: ['src/a.ts', 'src/b/'] },
  ],
  [
    'a long fence around a prompt with fences of its own',
    [
      '## Agent A1: Work',
      '### Prompt',
      '',
      '````markdown',
      'Answer like this:',
      '```json',
      '{"File ownership": 1}',
      '```',
      '~~~',
      '## Agent B1: no',
      '~~~',
      ...owns,
      '````',
    ].join('\n'),
    {},
    { ownedPaths: ['src/a.ts'] },
  ],
  [
    'words before the fence of the prompt, and a second fence after it',
    [
      '## Agent A1: Work',
      '### Prompt',
      'The agent gets this:',
      '',
      '```',
      ...owns,
      '```',
      '',
      '```text',
      'File ownership:',
      '- src/no.ts',
      '```',
    ].join('\n'),
    {},
    { ownedPaths: ['src/a.ts'] },
    ['prompt-trailing-text'],
  ],
  [
    'indented code and tables in notes',
    `# Wave 5 - Rye\n\n## Why\n\n| agent | work |\n| --- | --- |\n| A1 | rye |\n\n    ## Agent Q1: code\n\n${agentOf('A1', [], owns)}\n\n## After\n\n### Agent A1: what it leaves\n\n- words\n`,
    { title: 'Rye' },
    {},
  ],
  [
    'wrapped bullets in the prompt',
    agentOf(
      'A1',
      [],
      [
        'Required context:',
        '- Read docs/long-name.md and',
        '  docs/second.md (both).',
        '',
        '  docs/not-this.md stands below a blank line',
        'Specific expectations:',
        '- Print the line and do not wrap',
        '  it in backticks.',
        ...owns,
      ],
    ),
    {},
    { requiredContext: ['docs/long-name.md', 'docs/second.md'], ownedPaths: ['src/a.ts'] },
  ],
  [
    'numbered steps below the ownership, which own nothing',
    agentOf('A1', [], [...owns, '', '1. src/x.ts is read only', '2) do the rest']),
    {},
    { ownedPaths: ['src/a.ts'] },
  ],
  [
    'agents that share a folder of proof',
    [
      agentOf(
        'A1',
        ['### Proof artifacts', '- path: .tmp/proof/one.json | kind: report | required-for: pilot-live'],
        [...owns, '- .tmp/proof/'],
      ),
      agentOf(
        'A2',
        ['### Proof artifacts', '- .tmp/proof/two.json'],
        ['File ownership:', '- src/b.ts', '- .tmp/proof/'],
      ),
    ].join('\n\n'),
    {},
    { proofArtifacts: [{ path: '.tmp/proof/one.json', kind: 'report', requiredFor: ['pilot-live'] }] },
    ['ownership-overlap'],
  ],
  [
    'a query without a bundle, and quotes in it',
    `## Context7 defaults\n- query: 'how "sourdough"  rises'\n\n${agentOf('A1', ['### Context7', '- query: "x"', '- bundle: none'], owns)}`,
    { context7: { bundle: null, query: 'how "sourdough" rises' } },
    { context7: { bundle: 'none', query: 'x' } },
  ],
  [
    'eval targets with odd spaces and capitals',
    `## Eval targets\n- id: Crumb|selection:pinned|  benchmarks: \`a\` , b,|objective: x: y | threshold: > 3 %\n\n${agentOf('A1', [], owns)}`,
    {
      evalTargets: [
        {
          id: 'crumb',
          selection: 'pinned',
          benchmarkFamily: null,
          benchmarks: ['a', 'b'],
          objective: 'x: y',
          threshold: '> 3 %',
        },
      ],
    },
    {},
  ],
  [
    'environments with capitals, backticks and colons in their notes',
    `## Deploy environments\n\n- \`Prod\`: \`Kubernetes\` default (eu: two zones (a, b))\n- Test: docker\n\n${agentOf('A1', [], owns)}`,
    {
      deployEnvironments: [
        { id: 'prod', kind: 'kubernetes', isDefault: true, notes: 'eu: two zones (a, b)' },
        { id: 'test', kind: 'docker', isDefault: false, notes: null },
      ],
    },
    {},
  ],
  [
    'a proof that has to be worth more, with keys in two spellings',
    agentOf(
      'A1',
      [
        '### Proof strength',
        '- level: `strict`',
        '- may-change: test/old.test.ts, jest.config.cjs',
        '- **held-out:** `node --test checks/a.mjs` | files: checks/a.mjs, checks/data/',
        '- held-out: node checks/b.mjs',
        '- reason: "money is at stake"',
      ],
      owns,
    ),
    {},
    {
      proofStrength: {
        level: 'strict',
        mayChange: ['jest.config.cjs', 'test/old.test.ts'],
        heldOut: [
          { command: 'node --test checks/a.mjs', files: ['checks/a.mjs', 'checks/data/'] },
          { command: 'node checks/b.mjs', files: [] },
        ],
        reason: 'money is at stake',
      },
    },
  ],
];

describe('a wave file as people write it', () => {
  it.each(variants)('is understood with %s', (_what, text, wave, agent, warnings = []) => {
    for (const written of [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}\n`]) {
      const { value, warnings: found } = read(written);
      expect(value).toMatchObject(wave);
      expect(value.agents[0]).toMatchObject(agent);
      expect(found.filter(({ severity }) => severity === 'warning').map(({ code }) => code)).toEqual(
        warnings,
      );
    }
  });
});
