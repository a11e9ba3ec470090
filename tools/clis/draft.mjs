import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeVariables } from './programs.mjs';
import { workOf } from './scenarios.mjs';
import { root } from './source.mjs';

const path = 'docs/plans/waves/wave-1.md';
const goal = 'Units in the header of every export. [test-script:draft]';
const drafted = `# Wave 1 - Units

## Agent A1: Units

### Deliverables

- src/units.ts

### Prompt

\`\`\`text
Write the units into the header of every export.

File ownership (only touch these paths):
- src/units.ts
\`\`\`
`;

/** Claude Code drafts a wave file for a goal: nothing is asked of the model before somebody says so. */
export async function runDraft({ server, config, env, model }) {
  const { createWorkspace } = createRequire(join(root, 'package.json'))(join(root, 'tools/e2e/workspace.ts'));
  const steps = [{ write: path, content: drafted, say: 'Here is the wave.' }, ...workOf('D1').slice(1)];
  server.use({ draft: { steps } });
  const clone = createWorkspace('user', (folder) =>
    writeFileSync(join(folder, 'wave.config.json'), JSON.stringify({ ...config, validation: lenient })),
  );
  const homes = homeVariables(join(clone.dir, 'homes'));
  for (const folder of Object.values(homes)) mkdirSync(folder, { recursive: true });
  // The workspace has a home of its own, with an identity for git.
  delete homes.HOME;
  const draft = (...flags) =>
    clone.nx(
      [
        'g',
        '@nx-wave/plugin:draft',
        goal,
        '--executor=claude',
        `--model=${model}`,
        '--no-interactive',
        ...flags,
      ],
      {
        ...env,
        ...homes,
      },
    );
  const problems = [];
  try {
    for (const flags of [[], ['--pay', '--dry-run']]) {
      await draft(...flags);
      if (server.requests.length > 0)
        problems.push(`with ${flags.join(' ') || 'nothing'} the model was asked`);
    }
    const run = await draft('--pay');
    if (run.code !== 0)
      return [...problems, `the draft ended with ${run.code}:\n${run.output.slice(-4_000)}`];
    if (server.requests.length === 0) problems.push('with --pay the model was not asked');
    if (clone.read(path) !== drafted) problems.push(`another text was written:\n${clone.read(path)}`);
    const changed = clone.git('status', '--porcelain', '--untracked-files=all').trim();
    if (changed !== `?? ${path}`) problems.push(`something else changed: ${changed}`);
    return problems;
  } finally {
    clone.dispose();
  }
}

/** What a workspace that begins asks of its waves. */
const lenient = Object.fromEntries(
  [
    'requireContQaFromWave',
    'requireIntegrationStewardFromWave',
    'requireDocumentationStewardFromWave',
    'requireExitContractsFromWave',
    'requireContext7DeclarationsFromWave',
    'requireComponentPromotionsFromWave',
    'requireAgentComponentsFromWave',
  ].map((key) => [key, null]),
);
