import { type Tree } from '@nx/devkit';
import { localKeys } from '../../adapters/local.keys';
import { draftAgent } from '../../core/generate/draft-wave';
import { workerProgram } from '../../core/generate/local-programs';
import { printAgent } from '../../core/parse/print-wave';
import { checkWave } from '../check-wave';
import { executorIdOf } from '../new-wave';
import {
  checkConnected,
  checkMachine,
  configOf,
  listOf,
  mainLane,
  tell,
  textsOf,
  type AfterWriting,
} from '../workspace';

export interface AgentOptions {
  /** Number of the wave. */
  wave: number;
  id: string;
  title?: string;
  executor?: string;
  goal: string;
  owns: string | string[];
  deliverables?: string | string[];
  proof?: string | string[];
  dependsOn?: string | string[];
  /** Components of the wave's promotions that it works on. */
  components?: string | string[];
}

/** Adds the block of an agent to the end of a wave file, and a program for it where it is local. The rest stays as it is. */
export default function agentGenerator(tree: Tree, options: AgentOptions): AfterWriting {
  checkMachine();
  checkConnected(tree);
  const path = `${mainLane(tree).wavesDir}/wave-${options.wave}.md`;
  const text = tree.read(path, 'utf8');
  if (text === null)
    throw new Error(`There is no ${path}. Write it with: nx g @nx-wave/plugin:wave --number=${options.wave}`);
  const config = configOf(tree);
  checkWave(tree, { path, text }, config);
  const executorId = executorIdOf(options.executor, config);
  const program =
    executorId === localKeys.executorId
      ? `tools/agents/wave-${options.wave}/${options.id.toLowerCase()}.mjs`
      : null;
  const block = printAgent(
    draftAgent({
      agentId: options.id,
      title: options.title?.trim() || options.id,
      executorId,
      command: program === null ? null : `node ${program}`,
      owns: listOf(options.owns),
      deliverables: listOf(options.deliverables),
      proofCommands: textsOf(options.proof),
      dependsOn: listOf(options.dependsOn),
      components: listOf(options.components),
      task: options.goal,
    }),
  );
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const written = `${text.trimEnd()}\n\n${block}\n`.replace(/\r?\n/g, eol);
  checkWave(tree, { path, text: written }, config);
  if (program !== null) {
    if (tree.exists(program)) throw new Error(`${program} is there already, and is not written over.`);
    const writer = { agentId: options.id, wave: options.wave };
    tree.write(program, workerProgram(writer, { detail: 'Say here what was done.', files: [] }));
  }
  tree.write(path, written);
  return tell([
    ...(program === null ? [] : [`Write its work into ${program}.`]),
    `Look ahead: npx nx run wave-${options.wave}:plan`,
  ]);
}
