import { type Tree } from '@nx/devkit';
import { type WaveConfig } from '@nx-wave/schemas/plain';
import { withIgnoredFolder } from '../core/generate/ignore-line';
import { withPluginEntry } from '../core/generate/plugin-entry';
import { configFile } from '../core/resolve/check-config';
import { laneProjects, type LaneIdentity } from '../core/resolve/identity';
import { readConfig } from '../core/resolve/read-config';
import { unsupportedMachine } from '../core/supported-machine';
import { describeFailure } from '../core/views/describe-failure';

/** What a generator asks Nx to do when its changes are written: not in a dry run. */
export type AfterWriting = () => void;

export const plugin = '@nx-wave/plugin';

/** Refuses where no wave can run, so that nothing is generated for nobody. */
export function checkMachine(platform: string = process.platform): void {
  const unsupported = unsupportedMachine({ platform, plugAndPlay: process.versions['pnp'] !== undefined });
  if (unsupported !== null) throw new Error(describeFailure(unsupported));
}

/** The configuration as it stands; one that cannot be read is refused. */
export function configOf(tree: Tree): WaveConfig {
  const { config, failures } = readConfig(tree.read(configFile, 'utf8'));
  if (failures.length > 0) throw new Error(failures.map((one) => describeFailure(one)).join('\n'));
  return config;
}

/** The default lane: its project is always the first. */
export function mainLane(tree: Tree): LaneIdentity {
  const [lane] = laneProjects(configOf(tree));
  if (lane === undefined) throw new Error('The configuration has no lane.');
  return lane;
}

/** Names the plugin in nx.json and ignores the folder of runs, where that is not so already; answers what was added. */
export function connect(tree: Tree): string[] {
  const entry = withPluginEntry(tree.read('nx.json', 'utf8'), plugin);
  if (!entry.ok) throw new Error(`${entry.problem} Mend it, and run this generator again.`);
  const { stateRoot } = mainLane(tree);
  const ignored = withIgnoredFolder(tree.read('.gitignore', 'utf8'), stateRoot);
  if (entry.text !== null) tree.write('nx.json', entry.text);
  if (ignored !== null) tree.write('.gitignore', ignored);
  return [
    ...(entry.text === null ? [] : [`nx.json: "${plugin}" among the plugins`]),
    ...(ignored === null ? [] : [`.gitignore: ${stateRoot}/, where runs write`]),
  ];
}

/** Refuses a workspace that `init` has not been run in. */
export function checkConnected(tree: Tree): void {
  const entry = withPluginEntry(tree.read('nx.json', 'utf8'), plugin);
  if (!entry.ok || entry.text !== null)
    throw new Error(`nx.json does not name ${plugin}. Run first: nx g ${plugin}:init`);
}

/** Formats what was generated as the workspace formats; answers what to tell where that cannot be. */
export async function formatAsWorkspace(
  tree: Tree,
  { skipFormat = false }: { skipFormat?: boolean },
): Promise<string[]> {
  if (skipFormat) return [];
  const devkit = await import('@nx/devkit').catch(() => null);
  if (devkit === null) return ['Not formatted: @nx/devkit is not installed.'];
  await devkit.formatFiles(tree);
  return [];
}

/** Prints lines to the terminal once the changes are written. */
export function tell(lines: readonly string[]): AfterWriting {
  return () => void process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** An option that takes texts with commas in them, once or several times. */
export function textsOf(value: string | readonly string[] | undefined): string[] {
  const texts = typeof value === 'string' ? [value] : (value ?? []);
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** The same where commas part what is meant. */
export function listOf(value: string | readonly string[] | undefined): string[] {
  return textsOf(textsOf(value).flatMap((text) => text.split(',')));
}
