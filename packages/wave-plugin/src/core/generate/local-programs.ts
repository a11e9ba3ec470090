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

/** A program that writes files and says so. */
export function workerProgram(
  { agentId, wave }: { agentId: string; wave: number },
  { detail, files }: { detail: string; files: readonly WrittenFile[] },
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
    `writeEnvelope({ detail: ${quoted(detail)} });`,
    '',
  ].join('\n');
}

/** A program that looks whether what the wave promises is there, writes a report, and judges by it. */
export function stewardProgram(
  { agentId, wave }: { agentId: string; wave: number },
  { report, promised, payload }: { report: string; promised: readonly string[]; payload: string },
): string {
  return [
    ...head(agentId, wave),
    "import { existsSync, mkdirSync, writeFileSync } from 'node:fs';",
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
    `writeEnvelope({ detail, payload: ${payload} });`,
    '',
  ].join('\n');
}

/** A text as a formatter would write it: in single quotes where it holds none. */
const quoted = (text: string) => (/['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`);
