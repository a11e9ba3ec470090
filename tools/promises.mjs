import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './packages.mjs';
import { renderSummary } from './promises-summary.mjs';

export { markdownTable } from './markdown-table.mjs';

const end = '<!-- end of what is made -->';

/** `options`: what makes it, besides `--write`. Puts what a command made into docs/promises.md, between the mark that names it (`npm run test:fuzz`) and the next end. */
export async function writePromise(command, text, options = '') {
  const path = join(root, 'docs', 'promises.md');
  const begin = `<!-- made by ${command} --${options} --write -->`;
  const made = put(readFileSync(path, 'utf8'), begin, text);
  writeFileSync(path, await formatted(path, withSummary(made)));
}

/** The page with the table of all promises, as the other tables say. */
export function withSummary(promises) {
  const page = (name) => readFileSync(join(root, 'docs', name), 'utf8');
  const others = {
    cluster: page('promises-cluster.md'),
    hostile: page('reference/hostile-cases.md'),
    cases: page('reference/proof-cases.md'),
  };
  return put(promises, '<!-- made of the tables below -->', renderSummary({ promises, ...others }));
}

/** Text in the place that a mark begins. */
function put(page, begin, text) {
  const at = page.indexOf(begin);
  const until = page.indexOf(end, at);
  if (at < 0 || until < 0) throw new Error(`docs/promises.md has no place ${begin} … ${end}`);
  return `${page.slice(0, at)}${begin}\n\n${text}\n\n${page.slice(until)}`;
}

/** As the repository formats it. */
export async function formatted(path, text) {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** The commit that is tried, or that it has changes. */
export function commitOf(...folders) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const isClean = git('status', '--porcelain', '--', 'packages', ...folders) === '';
  return `${git('rev-parse', '--short=10', 'HEAD')}${isClean ? '' : ' with changes'}`;
}
