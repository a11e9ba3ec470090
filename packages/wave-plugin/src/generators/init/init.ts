import { type Tree } from '@nx/devkit';
import { localKeys } from '../../adapters/local.keys';
import { vocabularies } from '../../adapters/vocabularies';
import { withMarkedBlock } from '../../core/generate/marked-block';
import { shippedSkills, skillFolders } from '../../core/generate/skill-folders';
import { snippetsFile } from '../../core/generate/snippets';
import { startingConfig } from '../../core/generate/starting-config';
import { configFile } from '../../core/resolve/check-config';
import { readPlain } from '../../edges/files/plain-files';
import { packageFile } from '../../edges/files/package-root';
import {
  checkMachine,
  connect,
  formatAsWorkspace,
  mainLane,
  plugin,
  tell,
  type AfterWriting,
} from '../workspace';

export interface InitOptions {
  /** Id of the executor that works on agents which name none. */
  executor?: string;
  /** Adds a block for agents to AGENTS.md. */
  agentsFile?: boolean;
  /** Puts the shipped skills where agent programs look for skills. */
  skills?: boolean;
  /** Writes snippets for wave files into `.vscode`. */
  snippets?: boolean;
  skipFormat?: boolean;
}

/**
 * Connects a workspace: the plugin in `nx.json`, the ignored folder of runs, a configuration to begin with. What is there already
 * stays as it is, so that running it again changes nothing.
 */
export default async function initGenerator(tree: Tree, options: InitOptions): Promise<AfterWriting> {
  checkMachine();
  const done = connect(tree);
  if (!tree.exists(configFile)) {
    const config = startingConfig(options.executor ?? localKeys.executorId);
    tree.write(configFile, `${JSON.stringify(config, null, 2)}\n`);
    done.push(`${configFile}: ready for a first wave`);
  }
  const { wavesDir } = mainLane(tree);
  if (options.agentsFile === true) done.push(...addAgentsBlock(tree, wavesDir));
  if (options.skills === true) done.push(...addSkills(tree));
  if (options.snippets === true && !tree.exists(snippetsPath)) {
    tree.write(snippetsPath, snippetsFile(vocabularies.map(({ executorId }) => executorId)));
    done.push(`${snippetsPath}: type "wave" in a markdown file`);
  }
  const unformatted = await formatAsWorkspace(tree, options);
  return tell([
    ...(done.length === 0 ? ['Everything is in place already.'] : done.map((line) => `- ${line}`)),
    '',
    `Next: npx nx g ${plugin}:wave`,
    ...unformatted,
  ]);
}

const snippetsPath = '.vscode/nx-wave.code-snippets';

/** A copy that is there stays: a team may have made it its own. */
function addSkills(tree: Tree): string[] {
  const copies = shippedSkills.flatMap((id) =>
    skillFolders.map((folder) => ({ id, path: `${folder}/${id}/SKILL.md` })),
  );
  const missing = copies.filter(({ path }) => !tree.exists(path));
  for (const { id, path } of missing) tree.write(path, readPlain(packageFile('skills', id, 'SKILL.md')));
  return missing.map(({ path }) => path);
}

function addAgentsBlock(tree: Tree, wavesDir: string): string[] {
  const result = withMarkedBlock(tree.read('AGENTS.md', 'utf8'), agentsBlock(wavesDir));
  if (!result.ok) throw new Error(`AGENTS.md cannot be completed: ${result.problem}`);
  if (result.text === null) return [];
  tree.write('AGENTS.md', result.text);
  return ['AGENTS.md: how to work on waves'];
}

/** What somebody who works in the repository, person or program, has to know of waves. */
const agentsBlock = (wavesDir: string) => `## Waves

- \`${wavesDir}/wave-<n>.md\` is a wave: agents, what each owns and must deliver, and the commands that prove it. It is the
  Nx project \`wave-<n>\`.
- Check a wave file while you write it: \`npx nx run waves:lint-waves\`, \`npx nx run wave-<n>:plan\`. Both start nothing and cost nothing.
- Never start \`launch\` or \`retry\` of a wave unasked: agents may cost money.
- Where a wave stands and what to do next: \`npx nx run wave-<n>:status\`.
- If you work as an agent of a wave: touch only the paths that your prompt lets you own, and write your result envelope last, as
  \`node_modules/${plugin}/skills/wave-envelope/SKILL.md\` says.`;
