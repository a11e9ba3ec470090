import { type Tree } from '@nx/devkit';
import { localKeys } from '../../adapters/local.keys';
import { draftAgent, draftWave } from '../../core/generate/draft-wave';
import { planComponents, promotionsOf } from '../../core/generate/plan-components';
import {
  fillTemplate,
  templateIds,
  templateTitles,
  type TemplateId,
  type TemplateInput,
} from '../../core/generate/templates';
import { printWave } from '../../core/parse/print-wave';
import { filledScopeOf } from '../../core/resolve/filled-scope';
import {
  checkConnected,
  checkMachine,
  configOf,
  formatAsWorkspace,
  listOf,
  mainLane,
  tell,
  textsOf,
  type AfterWriting,
} from '../workspace';
import { checkWave } from '../check-wave';
import { executorIdOf, numberOf } from '../new-wave';

export interface WaveOptions {
  /** Number of the wave; the next free one where absent. */
  number?: number;
  title?: string;
  template?: string;
  /** Id of the executor of its agents. */
  executor?: string;
  /** What the first agent has to do. */
  goal?: string;
  owns?: string | string[];
  deliverables?: string | string[];
  proof?: string | string[];
  dependsOn?: string | string[];
  /** Stewards judge the merged result: integration, documentation, cont-QA. */
  stewards?: boolean;
  /** Components that the first agent lifts, as `parser` or `parser:pilot-live`. */
  components?: string | string[];
  skipFormat?: boolean;
}

/** Writes a wave file, and the programs of its agents where these are local. Never writes over a file. */
export default async function waveGenerator(tree: Tree, options: WaveOptions): Promise<AfterWriting> {
  checkMachine();
  checkConnected(tree);
  const lane = mainLane(tree);
  const template = templateOf(options.template);
  const wave = await numberOf(tree, lane.wavesDir, options.number);
  const project = `wave-${wave}`;
  const path = `${lane.wavesDir}/${project}.md`;
  const input = inputOf(tree, wave, options);
  const { agents, programs, deployEnvironments } = fillTemplate(template, input);
  const title = options.title?.trim() || templateTitles[template];
  const definition = draftWave({
    wave,
    path,
    title,
    commitMessage: `feat: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    dependsOn: listOf(options.dependsOn),
    promotions: input.promotions,
    deployEnvironments,
    agents: agents.map(draftAgent),
  });
  const text = printWave(definition);
  const plannedFiles = componentFiles(tree, input);
  checkWave(tree, { path, text }, configOf(tree));
  for (const file of [{ path, text }, ...programs]) {
    if (tree.exists(file.path)) throw new Error(`${file.path} is there already, and is not written over.`);
    tree.write(file.path, file.text);
  }
  for (const file of plannedFiles) tree.write(file.path, file.text);
  const unformatted = await formatAsWorkspace(tree, options);
  return tell([
    ...plannedFiles.map((file) => `Planned in: ${file.path}`),
    ...(input.promotions.length > 0 && !input.stewards
      ? ['Nobody raises the component matrix in this wave: --stewards adds who does.']
      : []),
    `Read it:    ${path}`,
    `Look ahead: npx nx run ${project}:plan`,
    `Run it:     npx nx run ${project}:launch`,
    ...unformatted,
  ]);
}

/** The component matrix and its page, with what the wave lifts. */
function componentFiles(tree: Tree, { wave, promotions, matrix }: TemplateInput) {
  if (promotions.length === 0) return [];
  const textOf = (path: string) => ({ path, text: tree.read(path, 'utf8') });
  const planned = planComponents({
    wave,
    promotions,
    matrix: textOf(matrix.path),
    page: textOf(matrix.page),
  });
  if (!planned.ok) throw new Error(`Nothing was written. ${planned.problem}`);
  return planned.files;
}

function templateOf(name: string | undefined): TemplateId {
  const found = templateIds.find((id) => id === (name ?? templateIds[0]));
  if (found === undefined)
    throw new Error(`There is no template "${name ?? ''}". There are: ${templateIds.join(', ')}.`);
  return found;
}

function inputOf(tree: Tree, wave: number, options: WaveOptions): TemplateInput {
  const config = configOf(tree);
  const lane = mainLane(tree);
  const executorId = executorIdOf(options.executor, config);
  const task = options.goal?.trim() ?? '';
  const owns = listOf(options.owns);
  if ((task === '') !== (owns.length === 0))
    throw new Error(
      '--goal and --owns go together: what the agent has to do, and the paths that it may touch.',
    );
  const local = executorId === localKeys.executorId;
  if (task === '' && !local)
    throw new Error(
      `Agents on ${executorId} may cost money: say what to do with --goal, and where with --owns.`,
    );
  const scope = filledScopeOf(config, { projectId: lane.projectId, lane: lane.lane });
  return {
    wave,
    executorId,
    local,
    programDir: `tools/agents/wave-${wave}`,
    docsDir: lane.docsDir,
    sharedPlanDocs: scope.sharedPlanDocs,
    launcherDir: lane.launcherDir,
    stewards: options.stewards === true,
    promotions: promotionsOf(listOf(options.components)),
    matrix: {
      path: scope.paths.componentCutoverMatrixJsonPath,
      page: scope.paths.componentCutoverMatrixDocPath,
    },
    work:
      task === ''
        ? null
        : { task, owns, deliverables: listOf(options.deliverables), proofCommands: textsOf(options.proof) },
  };
}
