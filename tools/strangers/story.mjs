import { readmeCommands } from './readme-commands.mjs';

/** What a step came to, when it was not what a person was promised. */
export class StepFailed extends Error {}

/**
 * Runs steps in turn in the workspace of a stranger and notes how long each took. A step is a command and what its output has
 * to say; `code` is 0 where absent.
 */
export function createStory(stranger) {
  const steps = [];
  const step = (name, command, { code = 0, says = [] } = {}) => {
    const run = stranger.run(command);
    const missing = says.filter((pattern) => !pattern.test(run.output));
    steps.push({ name, ms: run.ms });
    if ((code === 0) !== (run.code === 0) || missing.length > 0)
      throw new StepFailed(
        `${name}: ${run.command}\nexit code ${run.code}, expected ${code === 0 ? '0' : 'another'}; not said: ${missing.join(', ') || 'nothing'}\n${run.output}`,
      );
    return run.output;
  };
  return { step, steps };
}

/** The commands of the README, word for word; `instead` replaces one of them. Answers the milliseconds of all of them. */
export function firstFiveMinutes({ step, steps }, { instead = {}, wave = 1 } = {}) {
  const from = steps.length;
  for (const written of readmeCommands()) {
    const command = (instead[written] ?? written).replaceAll('wave-1', `wave-${wave}`);
    const says = command.endsWith(':launch') ? [/^outcome: closed$/m] : [];
    step(command.replace(/^npx /, ''), command, { says });
  }
  return steps.slice(from).reduce((sum, { ms }) => sum + ms, 0);
}

const asking = `import { writeEnvelope } from '@nx-wave/plugin/envelope';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const task = readFileSync(0, 'utf8');
const answered = /politely/.test(task);
mkdirSync('examples/two', { recursive: true });
writeFileSync('examples/two/bye.mjs', \`export function bye(name) {
  return 'Goodbye, ' + name + '.';
}
\`);
writeFileSync('examples/two/bye.test.mjs', \`import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../wave-1/greet.mjs';
import { bye } from './bye.mjs';
test('comes after the greeting', () => {
  assert.equal(greet('Ada') + ' ' + bye('Ada'), 'Hello, Ada! Goodbye, Ada.');
});
\`);
const question = { kind: 'clarification-request', id: 'A1-tone', summary: 'Politely or not?', targets: ['human'] };
writeEnvelope({ detail: 'bye() is there.', more: answered ? {} : { records: [question] } });
`;

/** A second wave on the first: it fails, is tried again, asks, is answered, closes and lands as a commit. */
export function secondWave({ step }, stranger) {
  step('commit', 'git add -A && git commit -q -m "The first wave"');
  step(
    'second wave',
    'npx nx g @nx-wave/plugin:wave Farewell --goal="Write bye(name) and a test." --owns=examples/two/ --deliverables=examples/two/bye.mjs --proof="node --test examples/two/bye.test.mjs" --dependsOn=wave-1 --no-interactive',
  );
  step('lint', 'npx nx run waves:lint-waves');
  step('fails', 'npx nx run wave-2:launch', {
    code: 1,
    says: [/^outcome: failed \(A1: /m, /deliverable-missing/],
  });
  step('status', 'npx nx run wave-2:status', { says: [/deliverable-missing/] });
  stranger.write('tools/agents/wave-2/a1.mjs', asking);
  step('retry', 'npx nx run wave-2:retry --apply');
  step('asks', 'npx nx run wave-2:launch', {
    code: 1,
    says: [/^outcome: blocked \(A1 asks\)$/m, /Politely or not\?/],
  });
  step('answer', 'npx nx run wave-2:answer --request=A1-tone --text="politely"');
  step('commit again', 'git add -A && git commit -q -m "The second wave"');
  step('closes', 'npx nx run wave-2:launch', { says: [/^outcome: closed$/m] });
  step('lands as a commit', 'npx nx run wave-2:land --commit');
  step('is in the history', 'git log -1 --format=%s && node --test examples/two/bye.test.mjs', {
    says: [/feat: farewell/],
  });
  step('cached', 'npx nx run wave-2:launch', { says: [/outcome: closed/] });
}
