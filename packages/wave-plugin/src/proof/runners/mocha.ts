import type { TestRunner } from '../contracts';
import { readObserved, reportNameCode } from './observed-report';
import { hasOption, hasTestName } from './test-names';

/** Where the main scripts of Mocha stand in its package: the second runs in a process of its own for flags of Node. */
const mainScript = String.raw`/^(.*\/mocha)\/(?:bin\/_?mocha(?:\.js)?|lib\/cli\/cli\.js)$/`;

/** Lets the main script of Mocha require the observer, beside what its arguments and its configuration require. */
const hook = (folder: string) => `'use strict';
const { realpathSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
let script = '';
try {
  script = realpathSync(process.argv[1]).replaceAll('\\\\', '/');
} catch {}
if (isMainThread && ${mainScript}.test(script)) process.argv.splice(2, 0, ${JSON.stringify(`--require=${folder}/mocha-observer.mjs`)});
`;

/** Hears the events of the runner before its reporter does. Mocha has one reporter only: it stays. Seen with Mocha 9, 11 and 12. */
const observer = (folder: string) => `import { realpathSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const main = ${mainScript}.exec(realpathSync(process.argv[1]).replaceAll('\\\\', '/'));
if (main !== null) {
  const loaded = await import(pathToFileURL(main[1] + '/lib/runner.js').href);
  const { prototype } = loaded.Runner ?? loaded.default;
  const { emit } = prototype;
  const told = ['pass', 'fail', 'pending'];
  const found = new Map();
  let runs = 0;
  prototype.emit = function (event, test, ...rest) {
    if (told.includes(event)) {
      const path = test.file ?? test.parent?.file ?? '';
      found.set(path, [...(found.get(path) ?? []), { titles: test.titlePath(), state: event }]);
    }
    if (event === 'end') {
      const files = [...found].map(([path, tests]) => ({ path, broken: false, tests }));
      found.clear();
      writeFileSync(${JSON.stringify(`${folder}/`)} + ${reportNameCode('mocha')}, JSON.stringify({ files }));
    }
    return emit.call(this, event, test, ...rest);
  };
}
`;

const tellsOnly = ['--help', '-h', '--version', '-V', '--list-interfaces', '--list-reporters', '--dry-run'];
const stays = ['--watch', '-w'];

/** Mocha, as a program. */
export const mochaRunner: TestRunner = {
  id: 'mocha',
  name: 'Mocha',
  recognises: ({ words }) =>
    words[0] === 'mocha' && words[1] !== 'init' && !hasOption(words, ...tellsOnly, ...stays),
  instrument({ env }, { folder }) {
    if (env['NODE_OPTIONS'] !== undefined) return null;
    return {
      nodeOptions: [`--require=${folder}/mocha-hook.cjs`],
      env: {},
      files: [
        { name: 'mocha-hook.cjs', text: hook(folder) },
        { name: 'mocha-observer.mjs', text: observer(folder) },
      ],
    };
  },
  readReport: (reports, place) => readObserved(reports, place, { passed: ['pass'], failed: ['fail'] }),
  isTestFile: hasTestName,
  configFiles: ['**/.mocharc.*', '**/.mocharc', '**/mocha.opts'],
};
