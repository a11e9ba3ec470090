import { copyFile, mkdir, readFile, rm, writeFile } from '../files/at-once';
import { join } from 'node:path';
import { type Repository } from './contracts';
import { copyIndexFile } from './index-file';
import { formatConfig, plainBytesAttributes } from './private-git-dir';
import { type HostEnv } from './run-git';
import { quoteAlternate } from './paths';

/** What the agent's own `.git` is made from. */
export interface AgentGitInput {
  root: string;
  commit: string;
  /** Object directories it may read. */
  objects: readonly string[];
  indexFile: string;
  /** Patterns of the user's sparse checkout, or null. */
  sparse: string | null;
  excludes: readonly string[];
}

const agentConfig = [
  '\tbare = false',
  '\tfileMode = true',
  '\tautocrlf = false',
  '\thooksPath = /dev/null',
  '\tfsmonitor = false',
  '[gc]',
  '\tauto = 0',
  '[maintenance]',
  '\tauto = false',
  '[commit]',
  '\tgpgSign = false',
  '[tag]',
  '\tgpgSign = false',
  // Every push goes nowhere. An agent that means to can undo this line; one that does not mean to publishes nothing.
  '[url "file:///dev/null/"]',
  '\tpushInsteadOf = ""',
  '',
].join('\n');

/**
 * Makes `<root>/.git` anew, whatever is there: branch `wave` on `commit`, no remotes, no hooks, objects borrowed.
 * Written as files, so that no template and no configuration of the machine has a part in it.
 */
export async function writeAgentGitDir(repo: Repository, input: AgentGitInput): Promise<void> {
  const gitDir = join(input.root, '.git');
  await rm(gitDir, { recursive: true, force: true });
  for (const folder of ['info', 'refs/heads', 'objects/info', 'objects/pack'])
    await mkdir(join(gitDir, folder), { recursive: true });
  const sparse = input.sparse === null ? '' : '[core]\n\tsparseCheckout = true\n';
  await Promise.all([
    writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/wave\n'),
    writeFile(join(gitDir, 'refs', 'heads', 'wave'), `${input.commit}\n`),
    writeFile(join(gitDir, 'config'), `${formatConfig(input.commit)}${sparse}[core]\n${agentConfig}`),
    writeFile(join(gitDir, 'info', 'attributes'), plainBytesAttributes),
    writeFile(join(gitDir, 'info', 'exclude'), [...input.excludes, ''].join('\n')),
    writeFile(
      join(gitDir, 'objects', 'info', 'alternates'),
      input.objects.map((dir) => `${quoteAlternate(dir)}\n`).join(''),
    ),
    copyIndexFile(input.indexFile, join(gitDir, 'index')),
    ...(input.sparse === null ? [] : [writeFile(join(gitDir, 'info', 'sparse-checkout'), input.sparse)]),
    // A shallow clone ends its history here; without this file `git log` would look for missing parents.
    copyFile(join(repo.commonDir, 'shallow'), join(gitDir, 'shallow')).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    ),
  ]);
}

/**
 * Writes the file that takes the place of the person's `~/.gitconfig`: it reads theirs, but `git config --global`
 * writes here. Signing, hooks and stored credentials are off.
 */
export async function writeAgentGlobalConfig(host: HostEnv, file: string): Promise<void> {
  const theirs = [
    host['XDG_CONFIG_HOME'] ? join(host['XDG_CONFIG_HOME'], 'git', 'config') : null,
    host['HOME'] && !host['XDG_CONFIG_HOME'] ? join(host['HOME'], '.config', 'git', 'config') : null,
    host['HOME'] ? join(host['HOME'], '.gitconfig') : null,
  ].filter((path) => path !== null);
  const quoted = (path: string) => `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
  const lines = [
    '[user]\n\tname = wave\n\temail = wave@localhost',
    ...theirs.map((path) => `[include]\n\tpath = ${quoted(path)}`),
    '[core]\n\thooksPath = /dev/null\n\tfsmonitor = false',
    '[credential]\n\thelper =',
    '[commit]\n\tgpgSign = false',
    '[push]\n\tdefault = nothing',
    '',
  ];
  await writeFile(file, lines.join('\n'));
}

/** The user's sparse patterns, or null when their checkout is a full one. */
export async function readSparsePatterns(repo: Repository, enabled: boolean): Promise<string | null> {
  if (!enabled) return null;
  return readFile(join(repo.gitDir, 'info', 'sparse-checkout'), 'utf8').catch(() => '/*\n');
}
