import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './packages.mjs';

const end = '<!-- end of what is made -->';

/** `options`: what makes it, besides `--write`. Puts what a command made into docs/promises.md, between the mark that names it (`npm run test:fuzz`) and the next end. */
export async function writePromise(command, text, options = '') {
  const path = join(root, 'docs', 'promises.md');
  const begin = `<!-- made by ${command} --${options} --write -->`;
  const page = readFileSync(path, 'utf8');
  const at = page.indexOf(begin);
  const until = page.indexOf(end, at);
  if (at < 0 || until < 0)
    throw new Error(`${path} has no place for what ${command} makes: ${begin} … ${end}`);
  const written = `${page.slice(0, at)}${begin}\n\n${text}\n\n${page.slice(until)}`;
  writeFileSync(path, await format(written, { ...(await resolveConfig(path)), filepath: path }));
}

/** The commit that is tried, or that it has changes. */
export function commitOf(...folders) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const isClean = git('status', '--porcelain', '--', 'packages', ...folders) === '';
  return `${git('rev-parse', '--short=10', 'HEAD')}${isClean ? '' : ' with changes'}`;
}

/** A markdown table: a title, then numbers. */
export function markdownTable(head, lines) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...lines.map(row)].join('\n');
}
