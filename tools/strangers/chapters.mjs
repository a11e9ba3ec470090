import { documentedCommands } from './documented.mjs';
import { StepFailed } from './story.mjs';

/**
 * What strangers do after the first screen. Each gets the story, the workspace, and the number of the wave that it may make; it
 * stands on a wave (`before`) that has landed.
 */
export const chapters = {
  'documented commands': documentedCommands,
  'second wave': secondWave,
  'own work': ownWork,
  uncommitted,
  interrupted,
  renamed,
  'in CI': inCi,
  daemon: whileTheDaemonRuns,
  'test runners': testRunners,
};

const commit = (message) => `git add -A && git commit -q -m "${message}"`;
const closed = [/^outcome: closed/m];

const asking = (before) => `import { writeEnvelope } from '@nx-wave/plugin/envelope';
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
import { greet } from '../${before}/greet.mjs';
import { bye } from './bye.mjs';
test('comes after the greeting', () => {
  assert.equal(greet('Ada') + ' ' + bye('Ada'), 'Hello, Ada! Goodbye, Ada.');
});
\`);
const question = { kind: 'clarification-request', id: 'A1-tone', summary: 'Politely or not?', targets: ['human'] };
writeEnvelope({ detail: 'bye() is there.', more: answered ? {} : { records: [question] } });
`;

/** A wave on the one before: it fails, is tried again, asks, is answered, closes and lands as a commit. */
async function secondWave({ step }, stranger, { wave, before }) {
  await step('commit', commit('The first wave'));
  await step(
    'second wave',
    `npx nx g @nx-wave/plugin:wave Farewell --goal="Write bye(name) and a test." --owns=examples/two/ --deliverables=examples/two/bye.mjs --proof="node --test examples/two/bye.test.mjs" --dependsOn=${before} --no-interactive`,
  );
  await step('lint', 'npx nx run waves:lint-waves');
  await step('fails', `npx nx run ${wave}:launch`, {
    code: 1,
    says: [/^outcome: failed \(A1: /m, /deliverable-missing/],
  });
  await step('status', `npx nx run ${wave}:status`, { says: [/deliverable-missing/] });
  stranger.write(`tools/agents/${wave}/a1.mjs`, asking(before));
  await step('retry', `npx nx run ${wave}:retry --apply`);
  await step('asks', `npx nx run ${wave}:launch`, {
    code: 1,
    says: [/^outcome: blocked \(A1 asks\)$/m, /Politely or not\?/],
  });
  await step('answer', `npx nx run ${wave}:answer --request=A1-tone --text="politely"`);
  await step('commit again', commit('The second wave'));
  await step('closes', `npx nx run ${wave}:launch`, { says: closed });
  const paid = proofOf(await step('status closed', `npx nx run ${wave}:status`));
  await step('without the cache', `npx nx run ${wave}:launch --skip-nx-cache`, {
    says: [...closed, new RegExp(`A1 .*${paid}`)],
  });
  await step('lands as a commit', `npx nx run ${wave}:land --commit`);
  await step('is in the history', 'git log -1 --format=%s && node --test examples/two/bye.test.mjs', {
    says: [/feat: farewell/],
  });
  await step('again', `npx nx run ${wave}:launch`, { says: closed });
}

/** The proof that an agent stands on, as status names it: another attempt would be another payment. */
function proofOf(status, agent = 'A1') {
  const [, proof] = new RegExp(`^${agent} .*(wave-\\d+/${agent}/attempt-\\d+)`, 'm').exec(status) ?? [];
  if (proof === undefined) throw new StepFailed(`status names no proof of ${agent}:\n${status}`);
  return proof;
}

/** Somebody goes on working on what has landed: the wave stays landed, nobody works again, and the edit stays. */
async function ownWork({ step }, stranger, { before }) {
  const path = `examples/${before}/greet.mjs`;
  const edited = `${stranger.read(path)}export const polite = true;\n`;
  stranger.write(path, edited);
  await step('own edit', commit('An edit of what has landed'));
  await step('launch after it', `npx nx run ${before}:launch`, { says: closed, saysNot: [/attempt-2/] });
  await step('status after it', `npx nx run ${before}:status`, { says: [/landed/] });
  if (stranger.read(path) !== edited) throw new StepFailed(`${path} is not what its owner wrote.`);
}

/** A wave on files that nobody has committed: it closes, `land --commit` names them, and once they are committed it lands. */
async function uncommitted({ step }, stranger, { wave }) {
  stranger.write('notes.md', '# Notes\n');
  await step('commit notes', commit('Notes'));
  stranger.write('notes.md', '# Notes\n\nNot finished.\n');
  await step('wave on it', `npx nx g @nx-wave/plugin:wave Ground --no-interactive`);
  await step('closes on it', `npx nx run ${wave}:launch`, { says: closed });
  await step('commit refused', `npx nx run ${wave}:land --commit`, {
    code: 1,
    says: [/uncommitted-ground/, /notes\.md/],
  });
  await step('commit ground', commit('What the wave stands on'));
  await step('closes again', `npx nx run ${wave}:launch`, { says: closed, saysNot: [/attempt-2/] });
  await step('lands as a branch', `npx nx run ${wave}:land --branch=waves/ground`);
  await step('branch has it', `git show waves/ground:examples/${wave}/greet.mjs && git status --porcelain`, {
    says: [/export function greet/],
  });
}

const hangs = "console.log('A2 thinks');\nsetInterval(() => {}, 1e6);\n";
const works = `import { writeEnvelope } from '@nx-wave/plugin/envelope';
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('examples/bye', { recursive: true });
writeFileSync('examples/bye/bye.mjs', "export const bye = () => 'bye';\\n");
writeEnvelope({ detail: 'bye() is there.' });
`;

/** Ctrl-C while one agent has ended and the other has not; the other is mended, and the first is not started again. */
async function interrupted({ step, judge }, stranger, { wave, nx }) {
  const number = wave.replace('wave-', '');
  await step('two agents', 'npx nx g @nx-wave/plugin:wave Interrupted --no-interactive');
  await step(
    'second agent',
    `npx nx g @nx-wave/plugin:agent ${number} A2 --goal="Say goodbye." --owns=examples/bye/ --deliverables=examples/bye/bye.mjs --proof="node examples/bye/bye.mjs" --no-interactive`,
  );
  stranger.write(`tools/agents/${wave}/a2.mjs`, hangs);
  const launch = stranger.start(`npx nx run ${wave}:launch`);
  const working = /^A1 .* proven .*\n(?:.*\n)*?A2 .* running /m;
  await until(() => stranger.run(`npx nx run ${wave}:status`, { inTerminal: false }), working);
  launch.interrupt();
  // Nx 23 ends with 1, and does not wait for the last words of its tasks.
  const told = nx?.startsWith('23') ? { code: 1 } : { code: 130, says: [/agent-cancelled/] };
  judge('Ctrl-C', await launch.ended, { ...told, saysNot: [/agent-killed/] });
  const after = await step('status after it', `npx nx run ${wave}:status`, { says: [/agent-cancelled/] });
  const paid = proofOf(after);
  stranger.write(`tools/agents/${wave}/a2.mjs`, works);
  await step('goes on', `npx nx run ${wave}:launch`, {
    says: [...closed, new RegExp(`A1 .*${paid}`)],
    saysNot: [/A1\/attempt-2/],
  });
}

/** Asks until the answer is there; five minutes are long for a busy machine. */
async function until(ask, expected) {
  let last = '';
  for (const end = performance.now() + 300_000; performance.now() < end;) {
    last = (await ask()).output;
    if (expected.test(last)) return;
  }
  throw new StepFailed(`Not said in five minutes: ${expected}\n${last}`);
}

/** Another title costs nothing; another number is another wave, and `plan` says what that costs before anybody pays. */
async function renamed({ step }, stranger, { wave }) {
  const path = `docs/plans/waves/${wave}.md`;
  await step('wave', 'npx nx g @nx-wave/plugin:wave Before --no-interactive');
  await step('closes', `npx nx run ${wave}:launch`, { says: closed });
  stranger.write(path, stranger.read(path).replace(/ - Before$/m, ' - After'));
  await step('other title', `npx nx run ${wave}:launch`, { says: closed, saysNot: [/attempt-2/] });
  const other = 'wave-40';
  stranger.rename(path, `docs/plans/waves/${other}.md`);
  await step('other number', 'npx nx show projects', {
    says: [/^wave-40$/m],
    saysNot: [new RegExp(`^${wave}$`, 'm')],
  });
  await step('lint', 'npx nx run waves:lint-waves');
  await step('plan says so', `npx nx run ${other}:plan`, { says: [/A1/] });
  await step('closes under it', `npx nx run ${other}:launch`, { says: closed });
}

/** Where CI is set nothing paid runs: a closed wave stays closed, a program works, a model does not. */
async function inCi({ step }, stranger, { wave, before }) {
  await step('CI, not committed', `CI=true npx nx run ${before}:launch`, {
    code: 1,
    says: [/landed-tree-reverted/, /only what is committed counts/],
  });
  await step('commit', commit('The first wave'));
  await step('CI, closed', `CI=true npx nx run ${before}:launch`, { says: closed });
  await step('wave', 'npx nx g @nx-wave/plugin:wave Checks --no-interactive');
  await step('commit wave', commit('A wave of checks'));
  await step('CI, program', `CI=true npx nx run ${wave}:launch`, { says: closed });
  const next = `wave-${Number(wave.replace('wave-', '')) + 1}`;
  await step(
    'wave of a model',
    'npx nx g @nx-wave/plugin:wave Model --executor=claude --goal="Write it." --owns=examples/model/ --no-interactive',
  );
  await step('commit model', commit('A wave of a model'));
  await step('CI, model', `CI=true npx nx run ${next}:launch`, { code: 1, says: [/proof-required/] });
  await step('no model at all', `NX_WAVE_RUN=never npx nx run ${next}:launch`, {
    code: 1,
    says: [/proof-required/],
  });
}

/** The daemon keeps the graph: a wave appears, breaks and goes with its file. */
async function whileTheDaemonRuns({ step }, stranger, { wave }) {
  await step('daemon runs', 'npx nx daemon', { says: [/is currently running/] });
  await step('added', 'npx nx g @nx-wave/plugin:wave Added --no-interactive');
  const asks = (line) => () => stranger.run(line);
  await until(asks('npx nx show projects'), new RegExp(`^${wave}$`, 'm'));
  await step('closes', `npx nx run ${wave}:launch`, { says: closed });
  const path = `docs/plans/waves/${wave}.md`;
  const text = stranger.read(path);
  stranger.write(path, text.replace('### Deliverables', '### Deliverabels'));
  await until(asks(`npx nx show project ${wave} --json`), /wave-broken/);
  await step('mistake is told', `npx nx run ${wave}:launch`, {
    code: 1,
    says: [/Deliverabels/, /wave-\d+\.md/],
  });
  stranger.write(path, text);
  await until(asks(`npx nx show project ${wave} --json`), /agent-a1/);
  await step('mended', `npx nx run ${wave}:launch`, { says: closed, saysNot: [/attempt-2/] });
}

const source = (name) => `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeEnvelope } from '@nx-wave/plugin/envelope';
const library = 'libs/${name}/src/lib/';
writeFileSync(library + 'shout.ts', \`export function shout(text: string): string {
  return text.toUpperCase() + '!';
}
\`);
writeFileSync(library + 'shout.spec.ts', \`import { shout } from './shout';
describe('shout', () => {
  it('is loud', () => {
    expect(shout('hello')).toEqual('HELLO!');
  });
});
\`);
writeEnvelope({ detail: 'shout() is there.' });
`;

/** Libraries as the generators of Nx write them, one tested by jest, one by vitest: their tests are counted, and need the work. */
async function testRunners({ step }, stranger, { wave }) {
  await step('their own tests', 'npx nx run-many -t test');
  await step('commit', commit('The first wave'));
  const number = wave.replace('wave-', '');
  const about = (name) =>
    `--goal="Write shout(text) and a test." --owns=libs/${name}/src/lib/shout.ts,libs/${name}/src/lib/shout.spec.ts --deliverables=libs/${name}/src/lib/shout.ts,libs/${name}/src/lib/shout.spec.ts --proof="npx nx test ${name}" --no-interactive`;
  await step('wave', `npx nx g @nx-wave/plugin:wave Shout ${about('words')}`);
  await step('second agent', `npx nx g @nx-wave/plugin:agent ${number} A2 ${about('names')}`);
  stranger.write(`tools/agents/${wave}/a1.mjs`, source('words'));
  stranger.write(`tools/agents/${wave}/a2.mjs`, source('names'));
  await step('commit wave', commit('A wave'));
  await step('plan', `npx nx run ${wave}:plan`);
  await step('closes', `npx nx run ${wave}:launch`, {
    says: [
      ...closed,
      /proof strength: checked \(\d+ tests?; .npx nx test words. turns red without shout\)/,
      /proof strength: checked \(\d+ tests?; .npx nx test names. turns red without shout\)/,
    ],
  });
  await step('lands as a commit', `npx nx run ${wave}:land --commit`);
  await step('their tests after it', 'npx nx run-many -t test');
  await step('waves are not in it', 'npx nx run-many -t lint build test --graph=stdout', {
    // As tasks: the graph itself names them with their help.
    saysNot: [/"id": "wave-\d+:/, /"id": "waves:/],
  });
}
