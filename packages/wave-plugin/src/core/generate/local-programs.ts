import { type Promotion } from '@nx-wave/schemas';

/** A file that a local program writes, relative to the workspace. */
export interface WrittenFile {
  path: string;
  /** The lines of the file. */
  lines: readonly string[];
}

const head = (agentId: string, wave: number) => [
  `// Works as agent ${agentId} of wave ${wave}, in place of a model: the task is on its standard input, the current folder is a`,
  '// checkout of its own, and it says how its work was done. What it promised is checked by the runner.',
];

/** What a program writes, and what it then says of it: components have reached their level. */
export interface WorkerChoices {
  detail: string;
  files: readonly WrittenFile[];
  components?: readonly Promotion[];
}

/** A program that writes files and says so. */
export function workerProgram(
  { agentId, wave }: { agentId: string; wave: number },
  { detail, files, components = [] }: WorkerChoices,
): string {
  const folders = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  return [
    ...head(agentId, wave),
    "import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';",
    "import { writeEnvelope } from '@nx-wave/plugin/envelope';",
    '',
    "const task = readFileSync(0, 'utf8');",
    "console.log(`${process.env.WAVE_AGENT_ID} reads ${task.split('\\n').length} lines of its task`);",
    ...folders.map((folder) => `mkdirSync(${quoted(folder)}, { recursive: true });`),
    ...files.flatMap(({ path, lines }) => [
      'writeFileSync(',
      `  ${quoted(path)},`,
      '  [',
      ...lines.map((line) => `    ${quoted(line)},`),
      "    '',",
      "  ].join('\\n'),",
      ');',
    ]),
    `writeEnvelope({ detail: ${quoted(detail)}${components.length === 0 ? '' : `, components: ${levelsOf(components)}`} });`,
    '',
  ].join('\n');
}

const levelsOf = (components: readonly Promotion[]) =>
  `{ ${components.map(({ componentId, targetLevel }) => `${quoted(componentId)}: ${quoted(targetLevel)}`).join(', ')} }`;

export interface StewardChoices {
  report: string;
  /** Paths that have to be there. */
  promised: readonly string[];
  /** The payload of its envelope, as JavaScript. */
  payload: string;
  /** What it raises where nothing is missing, in the matrix and on its page. */
  matrix?: { path: string; page: string; promotions: readonly Promotion[] } | null;
}

/** A program that looks whether what the wave promises is there, writes a report, and judges by it. */
export function stewardProgram(
  { agentId, wave }: { agentId: string; wave: number },
  { report, promised, payload, matrix = null }: StewardChoices,
): string {
  return [
    ...head(agentId, wave),
    `import { existsSync, mkdirSync, ${matrix === null ? '' : 'readFileSync, '}writeFileSync } from 'node:fs';`,
    "import { dirname } from 'node:path';",
    "import { writeEnvelope } from '@nx-wave/plugin/envelope';",
    '',
    `const promised = [${promised.map(quoted).join(', ')}];`,
    'const missing = promised.filter((path) => !existsSync(path));',
    'const detail = missing.length === 0',
    "  ? `There on the merged result: ${promised.join(', ')}.`",
    "  : `Missing on the merged result: ${missing.join(', ')}.`;",
    `const report = ${quoted(report)};`,
    'mkdirSync(dirname(report), { recursive: true });',
    `writeFileSync(report, \`# Wave ${wave}, ${agentId}\\n\\n\${detail}\\n\`);`,
    ...(matrix === null ? [] : raising(matrix)),
    `writeEnvelope({ detail, payload: ${payload} });`,
    '',
  ].join('\n');
}

/** Brings the matrix, and the lines `- component: level` of its page, to what the wave has proved. */
const raising = ({ path, page, promotions }: NonNullable<StewardChoices['matrix']>) => [
  `const levels = ${levelsOf(promotions)};`,
  'if (missing.length === 0) {',
  `  const matrix = JSON.parse(readFileSync(${quoted(path)}, 'utf8'));`,
  `  let page = readFileSync(${quoted(page)}, 'utf8');`,
  '  for (const [id, level] of Object.entries(levels)) {',
  '    matrix.components[id].currentLevel = level;',
  "    page = page.split('\\n').map((line) => (line.startsWith(`- ${id}: `) ? `- ${id}: ${level}` : line)).join('\\n');",
  '  }',
  `  writeFileSync(${quoted(path)}, \`\${JSON.stringify(matrix, null, 2)}\\n\`);`,
  `  writeFileSync(${quoted(page)}, page);`,
  '}',
];

/** A text as a formatter would write it: in single quotes where it holds none. */
const quoted = (text: string) => (/['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`);
