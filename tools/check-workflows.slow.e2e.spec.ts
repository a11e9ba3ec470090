// Tests the workflows of generators/ci/ci.ts with the parser of GitHub.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ciFiles, workflowPath } from '../packages/wave-plugin/src/core/generate/ci/ci-files';
import { signOwnFile } from '../packages/wave-plugin/src/core/generate/ci/own-file';
import { ciVariants } from './generated/render-ci';

const findings = (texts: readonly string[]) =>
  JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'check-workflows.mjs')], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
    }),
  ) as string[][];

const job = 'on: push\njobs:\n  a:\n';

describe('the parser of GitHub', () => {
  it('has nothing against any generated workflow', () => {
    const texts = ciVariants.flatMap(({ input }) =>
      [input, { ...input, secrets: [], setup: null }].map((one) =>
        signOwnFile(ciFiles(one).find(({ path }) => path === workflowPath)?.body ?? ''),
      ),
    );
    expect(texts).toHaveLength(8);
    expect(findings(texts)).toEqual(texts.map(() => []));
  });

  it('has something against what is no workflow', () => {
    const found = findings([
      '',
      `${job}    steps:\n      - run: x\n`,
      `${job}    runs-on: x\n    envronment: y\n    steps:\n      - run: x\n`,
      `${job}    runs-on: x\n    steps:\n      - nme: x\n`,
      `${job}    runs-on: x\n    steps:\n      - run: \${{ secrets. }}\n`,
    ]);
    expect(found.filter((one) => one.length === 0)).toEqual([]);
  });
});
