import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The attempts of a wave in this clone that a program was started for, as `<agent>/<attempt>`: work that was verified again,
 * or taken from a person or a store, is an attempt as well, and nobody ran for it.
 */
export function agentStarts(workspace, wave) {
  const common = execFileSync('git', ['rev-parse', '--path-format=absolute', '--git-common-dir'], {
    cwd: workspace,
    encoding: 'utf8',
  }).trim();
  const attempts = join(common, 'nx-wave', 'attempts', wave);
  const logs = filesBelow(attempts).filter((path) => path.endsWith(`${sep}events.jsonl`));
  const started = logs.filter((path) => readFileSync(path, 'utf8').includes('"program.started"'));
  return new Set(started.map((path) => relative(attempts, dirname(path)).split(sep).slice(0, 2).join('/')));
}

function filesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
