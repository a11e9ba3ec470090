import { delimiter, isAbsolute, relative, sep } from 'node:path';
import { foreignVariables } from '../../core/variables';

/** What every program may see of the user's environment. Matched exactly, in any letter case for proxies. */
const commonNames = new Set([
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
]);
const proxyNames = new Set(['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']);

export interface EnvironmentRequest {
  /** Names that the configuration adds. */
  allow: readonly string[];
  /** Names that belong to the program itself: its login and its folders. */
  adapterNames: readonly string[];
  /** Set by the runner, unfiltered; wins over everything. A `PATH` in here is put in front of the user's. */
  set: Readonly<Record<string, string>>;
}

/** The whole environment of an agent, a proof command or a setup command: an allow-list, nothing inherited. */
export function agentEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  { allow, adapterNames, set }: EnvironmentRequest,
): Record<string, string> {
  const wanted = new Set([...allow, ...adapterNames]);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || foreignVariables.test(name) || name === 'PATH') continue;
    const common = commonNames.has(name) || proxyNames.has(name.toLowerCase()) || name.startsWith('LC_');
    if (common || wanted.has(name)) env[name] = value;
  }
  const { PATH: head, ...rest } = set;
  const path = [
    ...(head ?? '').split(delimiter).filter((entry) => isAbsolute(entry)),
    ...cleanPath(base.PATH ?? ''),
  ];
  return { ...env, ...rest, PATH: [...new Set(path)].join(delimiter) };
}

/**
 * The entries of a PATH that a program in a checkout may use. Package binaries of the user's workspace belong to
 * another tree, and a relative entry would let an agent plant a program that the runner then starts.
 */
export function cleanPath(path: string): string[] {
  return path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(entry));
}

/** True for a path that is the folder itself or lies below it. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}
