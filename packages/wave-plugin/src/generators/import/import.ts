import { type Tree } from '@nx/devkit';
import { readWaveConfig } from '../../built-in';
import { count } from '../../core/count';
import { adoptConfig } from '../../core/generate/adopt-config';
import { configFile } from '../../core/resolve/check-config';
import { waveFolders } from '../../core/resolve/identity';
import { describeFailure } from '../../core/views/describe-failure';
import { readWave } from '../check-wave';
import {
  checkMachine,
  configOf,
  connect,
  formatAsWorkspace,
  mainLane,
  tell,
  type AfterWriting,
} from '../workspace';

export interface ImportOptions {
  skipFormat?: boolean;
}

/**
 * Adopts a repository of the earlier wave system: connects it, and sets in its configuration what its waves need. Wave files stay as
 * they are; those that cannot be read are named.
 */
export default async function importGenerator(tree: Tree, options: ImportOptions): Promise<AfterWriting> {
  checkMachine();
  const before = tree.read(configFile, 'utf8');
  configOf(tree);
  const adopted = adoptConfig(before);
  if (adopted.text !== null) tree.write(configFile, adopted.text);
  const changes = [...adopted.changes.map((line) => `${configFile}: ${line}`), ...connect(tree)];
  const unformatted = await formatAsWorkspace(tree, options);
  return tell([
    ...section('Changed', changes, 'Nothing: everything is in place already.'),
    ...section('Kept as it was decided', adopted.kept),
    ...section(
      'Read and not used',
      readWaveConfig(before).warnings.map((one) => describeFailure(one)),
    ),
    ...wavesSection(tree),
    '',
    'What the earlier system has finished has no proof here: its waves are open until a launch closes them.',
    `Next: npx nx run ${mainLane(tree).project}:lint-waves`,
    ...unformatted,
  ]);
}

function section(title: string, lines: readonly string[], none?: string): string[] {
  if (lines.length === 0) return none === undefined ? [] : [none];
  return [`${title}:`, ...lines.map((line) => `- ${line.replaceAll('\n', '\n  ')}`)];
}

/** Every wave file of every lane, and why those that cannot be read cannot. */
function wavesSection(tree: Tree): string[] {
  const config = configOf(tree);
  const lines: string[] = [];
  let read = 0;
  for (const { dir } of waveFolders(config)) {
    const files = tree.exists(dir) ? tree.children(dir).filter((name) => /^wave-\d+\.md$/.test(name)) : [];
    for (const path of files.map((name) => `${dir}/${name}`).sort()) {
      const parsed = readWave(tree, { path, text: tree.read(path, 'utf8') ?? '' }, config);
      if (parsed.ok) read += 1;
      else
        lines.push(
          ...parsed.failures
            .filter(({ severity }) => severity === 'error')
            .map((one) => describeFailure(one)),
        );
    }
  }
  return [`Waves: ${count(read, 'file')} can be launched.`, ...section('To be mended by hand', lines)];
}
