// About docs/ and the READMEs: a figure that somebody measured stands with the command that measures it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(__dirname);
const pages = execFileSync('git', ['ls-files', '--', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /^(docs|README|packages\/[^/]+\/README)/.test(path) && !path.startsWith('docs/plans/'));

/** What is measured: milliseconds, CPU and factors. Seconds, shares and sizes are mostly limits that somebody has set. */
const figure = /\d\s?(ms|milliseconds?|s(econds?)? of CPU|×)(?![\w/])/;
const command = /`[^`]*\b(npm|node|nx|jest) [^`]*`/;

/** The parts of a page between its headings, what stands in fences left out. */
function sectionsOf(text: string): string[] {
  return text.replace(/^```[\s\S]*?^```$/gm, '').split(/^(?=#+ )/m);
}

/** First lines of the sections that have a figure and no command. */
function unmeasured(text: string): string[] {
  return sectionsOf(text)
    .filter((section) => figure.test(section) && !command.test(section))
    .map((section) => section.split('\n').find((line) => figure.test(line)) ?? '');
}

it('is told from one that stands with its command', () => {
  expect(unmeasured('# A\n\nIt takes 30 ms.\n')).toEqual(['It takes 30 ms.']);
  expect(unmeasured('# A\n\nIt takes 30 ms (`npm run bench:load`).\n')).toEqual([]);
  expect(unmeasured('# A\n\n`npm run bench`\n\n## B\n\nTwice as fast, 2 × that is.\n')).toHaveLength(1);
  expect(unmeasured('# A\n\n```text\ntook 3 ms\n```\n')).toEqual([]);
});

it.each(pages)('has none without it in %s', (path) => {
  expect(unmeasured(readFileSync(join(root, path), 'utf8'))).toEqual([]);
});
