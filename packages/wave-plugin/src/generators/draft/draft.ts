import { isAbsolute, relative, sep } from 'node:path';
import { type Tree } from '@nx/devkit';
import { type Failure, type WaveConfig } from '@nx-wave/schemas/plain';
import { findAdapter, adapterRegistry } from '../../adapters/registry';
import { localKeys } from '../../adapters/local.keys';
import { vocabularies } from '../../adapters/vocabularies';
import { draftIdentity, draftingWave, type DraftChoices } from '../../core/generate/drafting-wave';
import { commandsOfWave } from '../../core/generate/commands-of-wave';
import { printWave } from '../../core/parse/print-wave';
import { waveIdentity } from '../../core/resolve/identity';
import { describeFailures } from '../../core/views/describe-failure';
import { packageFile } from '../../edges/files/package-root';
import { openSession } from '../../engine/session/session';
import { runDraft } from '../../engine/wave/run-draft';
import { openEdges } from '../../executors/open-wave';
import { printTo } from '../../executors/terminal';
import { executorIdOf, numberOf } from '../new-wave';
import { checkConnected, checkMachine, configOf, mainLane, tell, type AfterWriting } from '../workspace';
import { placeDraft } from './place-draft';

export interface DraftOptions {
  goal: string;
  executor?: string;
  model?: string;
  command?: string;
  maxUsd?: number;
  minutes?: number;
  /** Starts a program that may cost money. */
  pay?: boolean;
  number?: number;
}

/**
 * Lets a program write a wave file for a goal: in a checkout of its own, as an agent works, with its caps. Nothing that may cost
 * money starts without `--pay`, and nothing at all in a dry run. Never writes over a file; a draft that cannot be launched is
 * kept beside the runs.
 */
export default async function draftGenerator(tree: Tree, options: DraftOptions): Promise<AfterWriting> {
  checkMachine();
  checkConnected(tree);
  const config = configOf(tree);
  const choices = await choicesOf(tree, config, options);
  const { path, executorId } = choices;
  const what = announcement(choices);
  if (process.env['NX_DRY_RUN'] === 'true')
    return tellNow([`A dry run starts nothing. It would be: ${what}`]);
  const isFree = findAdapter(executorId, adapterRegistry)?.free === true;
  if (!isFree && options.pay !== true)
    throw new Error(`Nothing was started, because it may cost money. With --pay it would be: ${what}`);
  tellNow([what])();
  const text = await draft(tree, config, choices);
  const drafted = placeDraft(tree, { path, text }, config);
  const project = path.slice(path.lastIndexOf('/') + 1, -'.md'.length);
  return tell([
    'Launched as it stands, it runs on this machine:',
    ...commandsOfWave(drafted).map((line) => `  ${line}`),
    `Read it, and change what is not as you want it: ${path}`,
    `Look for more: npx nx run ${mainLane(tree).project}:lint-waves`,
    `Look ahead:    npx nx run ${project}:plan`,
  ]);
}

async function choicesOf(tree: Tree, config: WaveConfig, options: DraftOptions): Promise<DraftChoices> {
  const goal = (options.goal ?? '').trim();
  if (goal === '') throw new Error('Say what the wave has to reach: nx g @nx-wave/plugin:draft "…"');
  const executorId = executorIdOf(options.executor, config);
  const isLocal = executorId === localKeys.executorId;
  const others = vocabularies.map((one) => one.executorId).filter((id) => id !== localKeys.executorId);
  const command = options.command?.trim() ?? '';
  if (isLocal !== (command !== ''))
    throw new Error(
      isLocal
        ? `Say who drafts: --executor with one of ${others.join(', ')}, or --command with a program of yours.`
        : `--command is the program of the executor local; ${executorId} has its own.`,
    );
  const { wavesDir } = mainLane(tree);
  const wave = await numberOf(tree, wavesDir, options.number);
  const path = `${wavesDir}/wave-${wave}.md`;
  const program = fromWorkspace(tree, packageFile('dist', 'bin', 'nx-wave.js'));
  return {
    wave,
    path,
    goal,
    executorId,
    model: options.model ?? null,
    command: isLocal ? command : null,
    budget: { usd: isLocal ? null : (options.maxUsd ?? 1), minutes: options.minutes ?? 20 },
    skillPath: fromWorkspace(tree, packageFile('skills', 'wave-file', 'SKILL.md')),
    checkCommand: tree.exists(program) ? `node ${program} check ${path}` : null,
  };
}

/** A file of ours as programs in a checkout find it: below the workspace, where it is installed there. */
function fromWorkspace({ root }: Tree, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path.split(sep).join('/');
}

/** Which program would do what, and what it may take. */
function announcement({ path, executorId, model, command, budget }: DraftChoices): string {
  const adapter = findAdapter(executorId, adapterRegistry);
  const name = command ?? `${adapter?.displayName ?? executorId}${model === null ? '' : ` (${model})`}`;
  const money =
    budget.usd === null
      ? 'free'
      : adapter?.capabilities.reportsCost === true
        ? `at most $${budget.usd}`
        : `at most $${budget.usd} where the configuration has prices for its model, else without a cap on money`;
  return `${name} drafts ${path}, ${money}, at most ${budget.minutes} min.`;
}

async function draft(tree: Tree, config: WaveConfig, choices: DraftChoices): Promise<string> {
  const { path, executorId } = choices;
  const identity = waveIdentity(path, config);
  if (identity === null) throw new Error(`${path} is no place for a wave.`);
  const edges = openEdges(tree.root);
  if (!edges.ok) throw new Error(describeFailures([edges.error]));
  const session = await openSession(
    {
      workspaceRoot: tree.root,
      wavePath: path,
      executor: executorId,
      unwritten: { text: printWave(draftingWave(choices)), identity: draftIdentity(identity) },
    },
    edges.value,
  );
  if (!session.ok) throw new Error(describeFailures(session.error));
  edges.value.print = printTo(session.value.redactor);
  const drafted = await runDraft(session.value);
  if (drafted.ok) return drafted.value;
  throw new Error(
    `Nothing was drafted; what was done is kept, and the same command goes on from there.\n${describeFailures(drafted.error.map(withoutTarget))}`,
  );
}

/** A draft is no project of Nx: a next step that names a target of one is none. */
function withoutTarget({ next, ...rest }: Failure): Failure {
  return next === undefined || next.startsWith('nx run ') ? rest : { ...rest, next };
}

function tellNow(lines: readonly string[]): AfterWriting {
  tell(lines)();
  return () => undefined;
}
