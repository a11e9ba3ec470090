import { type Tree } from '@nx/devkit';
import { ciFiles, type CiInput } from '../../core/generate/ci/ci-files';
import { cloudFormOf } from '../../core/generate/ci/cloud-form';
import { isOwnFile, signOwnFile } from '../../core/generate/ci/own-file';
import { parseJson } from '../../core/parse-json';
import {
  checkConnected,
  checkMachine,
  listOf,
  mainLane,
  plugin,
  tell,
  type AfterWriting,
} from '../workspace';

export interface CiOptions {
  /** Agents run on machines of Nx Cloud. */
  nxCloud?: boolean;
  machines?: number;
  secrets?: string | string[];
  setup?: string;
  node?: string;
}

/** Writes what a team's CI needs for waves. A file that somebody has changed, or made, stays as it is, and that is told. */
export default function ciGenerator(tree: Tree, options: CiOptions): AfterWriting {
  checkMachine();
  checkConnected(tree);
  const input = inputOf(tree, options);
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, body } of ciFiles(input)) {
    const text = signOwnFile(body);
    const present = tree.read(path, 'utf8');
    if (present === text) continue;
    if (present !== null && !isOwnFile(present)) kept.push(path);
    else {
      tree.write(path, text);
      written.push(path);
    }
  }
  return tell([
    ...written.map((path) => `- ${path}`),
    ...kept.map(
      (path) => `- ${path} is not what was generated, and stays as it is: delete it to have it made anew.`,
    ),
    ...(written.length + kept.length === 0 ? ['Everything is in place already.'] : []),
    '',
    'Next: in the settings of the repository, make the environment `waves`, with reviewers and these secrets:',
    `  ${[...input.secrets, ...(input.cloud === null ? [] : ['NX_CLOUD_ACCESS_TOKEN']), 'WAVE_SIGNING_KEY (to sign)'].join(', ')}`,
    `Read: node_modules/${plugin}/README.md, and docs/guides/ci.md of nx-wave`,
  ]);
}

function inputOf(tree: Tree, { nxCloud, machines = 3, secrets, setup, node = '20' }: CiOptions): CiInput {
  const names = listOf(secrets);
  const wrong = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is no name of a variable.`);
  if (!Number.isInteger(machines) || machines < 1)
    throw new Error(`--machines is how many there are: ${machines} is none.`);
  if (!/^[0-9A-Za-z./*-]+$/.test(node)) throw new Error(`${JSON.stringify(node)} is no version of Node.`);
  const command = setup?.trim() ?? '';
  // eslint-disable-next-line no-control-regex -- a line end would begin another key of the file
  if (/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(command))
    throw new Error('--setup is one command line.');
  const { project, stateRoot } = mainLane(tree);
  const usesCloud = nxCloud ?? isConnectedToCloud(tree);
  return {
    lane: project,
    stateRoot,
    cloud: usesCloud ? { form: cloudFormOf(nxVersion(tree)), machines } : null,
    packageManager: packageManagerOf(tree),
    node,
    secrets: names,
    setup: command === '' ? null : command,
  };
}

function jsonOf(tree: Tree, path: string): Record<string, unknown> {
  const parsed = parseJson(tree.read(path, 'utf8'));
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

function isConnectedToCloud(tree: Tree): boolean {
  const settings = jsonOf(tree, 'nx.json');
  return ['nxCloudId', 'nxCloudAccessToken'].some((key) => typeof settings[key] === 'string');
}

/** The Nx that is installed, or else the one that package.json asks for. */
function nxVersion(tree: Tree): string | null {
  const installed = jsonOf(tree, 'node_modules/nx/package.json')['version'];
  if (typeof installed === 'string') return installed;
  const { devDependencies, dependencies } = jsonOf(tree, 'package.json');
  for (const section of [devDependencies, dependencies]) {
    const asked = (section as Record<string, unknown> | undefined)?.['nx'];
    if (typeof asked === 'string') return asked.replace(/^[~^]/, '');
  }
  return null;
}

function packageManagerOf(tree: Tree): CiInput['packageManager'] {
  if (tree.exists('pnpm-lock.yaml')) return 'pnpm';
  return tree.exists('yarn.lock') ? 'yarn' : 'npm';
}
