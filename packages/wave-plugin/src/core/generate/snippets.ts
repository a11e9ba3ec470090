interface Snippet {
  prefix: string;
  description: string;
  body: readonly string[];
}

const agent = (id: string, first: number) => {
  const field = (offset: number, text: string) => `\${${first + offset}:${text}}`;
  return [
    `## Agent ${id}: ${field(0, 'Title')}`,
    '',
    '### Deliverables',
    '',
    `- ${field(1, 'src/thing.ts')}`,
    '',
    '### Proof commands',
    '',
    `- ${field(2, 'npx nx test thing')}`,
    '',
    '### Prompt',
    '',
    '```text',
    field(3, 'What has to be true afterwards.'),
    '',
    'File ownership (only touch these paths):',
    `- ${field(4, 'src/')}`,
    '```',
  ];
};

/**
 * What somebody types in a wave file, by the name of the snippet; with the ids of the executors that there are. The language of a
 * wave is checked where it is written, see `check`.
 */
export const snippetsFor = (executorIds: readonly string[]): Readonly<Record<string, Snippet>> => ({
  'nx-wave: wave': {
    prefix: 'wave',
    description: 'A wave with one agent',
    body: [
      '# Wave ${1:1} - ${2:Title}',
      '',
      '**Commit message**: `${3:feat: what changes}`',
      '',
      ...agent('A1', 4),
      '$0',
    ],
  },
  'nx-wave: agent': {
    prefix: 'wave-agent',
    description: 'An agent of a wave',
    body: [...agent('${1:A2}', 2), '$0'],
  },
  'nx-wave: executor': {
    prefix: 'wave-executor',
    description: 'Which program works on an agent, and what it may cost',
    body: [
      '### Executor',
      '',
      `- id: \${1|${executorIds.join(',')}|}`,
      '- budget.usd: ${2:2}',
      '- budget.minutes: ${3:45}',
      '$0',
    ],
  },
  'nx-wave: strength of proof': {
    prefix: 'wave-strength',
    description: 'How much a green proof has to say',
    body: [
      '### Proof strength',
      '',
      '- level: ${1|checked,counted,strict,exit|}',
      '- reason: ${2:why this level}',
      '$0',
    ],
  },
});

/** The snippets as editors of the family of Visual Studio Code read them from `.vscode`. */
export function snippetsFile(executorIds: readonly string[]): string {
  const scoped = Object.entries(snippetsFor(executorIds)).map(([name, snippet]) => [
    name,
    { scope: 'markdown', ...snippet },
  ]);
  return `${JSON.stringify(Object.fromEntries(scoped), null, 2)}\n`;
}
