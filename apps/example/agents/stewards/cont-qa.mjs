// Agent A0: runs the library's tests on the joined result and judges what the wave promised.
import { spawnSync } from 'node:child_process';

const folder = 'apps/example/src';
const matrixPath = 'docs/plans/component-cutover-matrix.json';

/** Counts from the last line of the report. */
function runTests() {
  const { stdout, status } = spawnSync(process.execPath, ['apps/example/tools/run-tests.mjs'], {
    encoding: 'utf8',
  });
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(stdout) ?? [];
  const [passed = 0, failed = 0, skipped = 0] = counts.slice(1).map(Number);
  return { passed, failed, skipped, green: status === 0 };
}

function checksOf({ files, pairs }, tests) {
  const matrix = JSON.parse(files.read(matrixPath));
  const twin = files.read(matrixPath.replace(/json$/, 'md'));
  const index = files.read(`${folder}/index.ts`);
  const modules = files
    .list(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts');
  const promised = pairs('Expected levels');
  if (promised.length === 0) throw new Error('The prompt expects no component level: nothing to judge.');
  return [
    {
      claim: 'durability',
      text: `every test passes, none is skipped (${tests.passed} passed)`,
      ok: tests.green && tests.passed > 0 && tests.failed === 0 && tests.skipped === 0,
    },
    {
      claim: 'architecture',
      text: 'every module has a test beside it',
      ok: modules.every((name) => files.exists(`${folder}/${name.replace(/ts$/, 'test.ts')}`)),
    },
    {
      claim: 'integration',
      text: 'index.ts offers every module',
      ok: modules.every((name) => index.includes(`'./${name.slice(0, -'.ts'.length)}'`)),
    },
    ...promised.map(([id, level]) => ({
      claim: 'docs',
      text: `${id} stands at ${level} in the matrix and in its twin`,
      ok:
        matrix.components[id]?.currentLevel === level &&
        twin.includes(`### ${id}\n\n- current level: ${level}\n`),
    })),
  ];
}

export function work(task) {
  const checks = checksOf(task, runTests());
  const word = (claim) => (checks.some((check) => check.claim === claim && !check.ok) ? 'blocked' : 'pass');
  const failed = checks.filter(({ ok }) => !ok);
  const verdict = failed.length === 0 ? 'pass' : 'blocked';
  const detail =
    failed.length === 0
      ? `All ${checks.length} checks hold on the joined result.`
      : `Not so: ${failed.map(({ text }) => text).join('; ')}.`;
  const lines = [
    `# Wave ${task.wave}: continuous quality review`,
    '',
    `Verdict: ${verdict === 'pass' ? 'PASS' : 'BLOCKED'} - ${detail}`,
    '',
    ...checks.map(({ ok, text }) => `- [${ok ? 'x' : ' '}] ${text}`),
    '',
    `Read: ${task.files
      .list(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`)
      .join(', ')}`,
    '',
  ];
  const [review] = task.bullets('File ownership (only touch these paths)');
  task.files.write(review, lines.join('\n'));
  return {
    detail,
    payload: {
      verdict: { verdict, detail },
      gateClaims: {
        architecture: word('architecture'),
        integration: word('integration'),
        durability: word('durability'),
        live: word('durability'),
        docs: word('docs'),
        detail,
      },
    },
  };
}
