/**
 * What pages tell people of other workspaces to do, in an order in which it makes sense: a story that begins where the first screen of the
 * README has ended. `npm run e2e` plays it in real Nx; a fast test holds it against the pages, so that a command of a page is either run
 * here or held back below, with the reason. Steps: `run` is a command of a page (`code` is 0 where absent; `says` has to be said), `start` one that
 * does not end by itself: it has to say `until`, and is ended by Ctrl-C. `own` is what a person does between them, `write` a file;
 * `within` is the command of a page that this file runs.
 */
const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const closed = [/^outcome: closed/m];
const key = '"$HOME/.config/nx-wave/signing-key"';
const commit = (message) => ({ own: `git add -A && git commit -q -m "${message}"` });

const envelope = 'npx nx-wave envelope --detail "greet() and its test are there."';
const greets = `import { execSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('examples/wave-3', { recursive: true });
writeFileSync('examples/wave-3/greet.mjs', "export const greet = (name) => \`Hello, \${name.trim() || 'friend'}!\`;\\n");
writeFileSync('examples/wave-3/greet.test.mjs', \`import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from './greet.mjs';
test('greets by name, and a stranger as friend', () => {
  assert.equal(greet('Ada') + greet(' '), 'Hello, Ada!Hello, friend!');
});
\`);
execSync(${JSON.stringify(envelope)}, { stdio: 'inherit' });
`;

/** Asks first; with an answer it forgets what it has to deliver. */
const asks = `import { readFileSync } from 'node:fs';
import { writeEnvelope } from '@nx-wave/plugin/envelope';
const answered = /Keep both formats/.test(readFileSync(0, 'utf8'));
const question = { kind: 'clarification-request', id: 'A2-clarification-request-1', summary: 'Which format?', targets: ['human'] };
writeEnvelope({ detail: 'Nothing is there.', more: answered ? {} : { records: [question] } });
`;

const story = {
  'a wave that has landed': [
    { run: 'npx nx run wave-1:status', says: [/wave-1 has landed/] },
    { run: 'npx nx run wave-1:retry' },
    { run: 'npx nx run wave-1:verify' },
    { run: 'npx nx run wave-1:watch --once', says: [/has landed/] },
    { run: 'npx nx show project wave-1', says: [/launch/] },
    { run: 'npx nx show project waves', says: [/doctor/] },
    { run: 'npx nx run waves:doctor', says: [/git/] },
    { run: 'npx nx run waves:doctor --json' },
    { run: 'npx nx run waves:lint-waves' },
    { run: 'npx nx run waves:lint-waves --json' },
    { run: 'npx nx run waves:status --json' },
    { run: 'npx nx-wave envelope --help', says: [/--detail/] },
    { run: 'npx nx-wave check docs/plans/waves/wave-1.md', says: [/nothing to say/] },
    { start: 'npx nx-wave check docs/plans/waves/wave-1.md --watch', until: /nothing to say/ },
    { start: 'npx nx graph', until: /Project graph started at/ },
    { own: 'git init -q --bare ../origin.git && git remote add origin ../origin.git' },
    commit('The first wave'),
    { own: 'git push -q origin HEAD:main' },
  ],
  'signed waves': [
    { run: 'mkdir -p ~/.config/nx-wave' },
    { run: `ssh-keygen -t ed25519 -N '' -C ci@example.com -f ~/.config/nx-wave/signing-key` },
    {
      run: String.raw`echo "ci@example.com namespaces=\"nx-wave\" $(cat ~/.config/nx-wave/signing-key.pub)" >> wave.allowed_signers`,
    },
    { run: 'git add wave.allowed_signers' },
    { own: 'git commit -q -m "Who may sign" && git push -q origin HEAD:main' },
    { run: 'npx nx g @nx-wave/plugin:wave Signed --no-interactive' },
    { own: `NX_WAVE_SIGNING_KEY=${key} npx nx run wave-2:launch`, says: closed },
    {
      run: 'npx nx run waves:verify --allowed-signers=wave.allowed_signers --signers-from=origin/main',
      // The first wave was closed before the key was there.
      code: 1,
      says: [/closing of wave-1 was never signed/, /signed by ci@example\.com/],
    },
  ],
  'a wave that needs people': [
    { own: 'npx nx g @nx-wave/plugin:wave "A clearer export" --number=3 --no-interactive' },
    {
      run: 'npx nx g @nx-wave/plugin:agent 3 A2 --goal="Say goodbye." --owns=examples/bye/ --deliverables=examples/bye/bye.mjs --proof="node examples/bye/bye.mjs" --no-interactive',
    },
    { write: 'tools/agents/wave-3/a1.mjs', text: greets, within: envelope },
    { write: 'tools/agents/wave-3/a2.mjs', text: asks },
    { run: 'npx nx show project wave-3', says: [/agent-a1/] },
    { run: 'npx nx run wave-3:plan', says: [/2 to run/] },
    { run: 'npx nx run wave-3:plan --prompts' },
    { run: 'npx nx run wave-3:agent-a1', says: [/envelope: /] },
    { run: 'npx nx run wave-3:gate-implementation', code: 1 },
    { run: 'npx nx run wave-3:launch', code: 1, says: [/^outcome: blocked \(A2 asks\)$/m, /Which format\?/] },
    { run: 'npx nx run wave-3:status', says: [/Which format\?/] },
    { run: 'npx nx run wave-3:status --json', says: [/A2-clarification-request-1/] },
    { run: 'npx nx run wave-3:answer --request="A2-clarification-request-1" --text="Keep both formats."' },
    {
      run: 'npx nx run wave-3:decide --amend="A2" --paths="src/shared.ts" --by="Ada" --reason="needed by the new format"',
    },
    { run: 'npx nx run wave-3:launch', code: 1, says: [/deliverable-missing/] },
    { run: 'npx nx run wave-3:retry', says: [/A2/] },
    { run: 'npx nx run wave-3:retry --apply' },
    {
      run: `npx nx run wave-3:decide --waive doc-closure-open --until=${until} --by="Ada" --reason="documented in the next wave"`,
    },
    ...['slice-empty', 'secret-in-slice', 'outside-writes'].map((code) => ({
      run: `npx nx run wave-3:decide --waive ${code} --agent A1 --reason "it is so here" --by "Ada"`,
    })),
    { write: 'examples/bye/bye.mjs', text: 'export const bye = (name) => `Bye, ${name}.`;\n' },
    {
      run: 'npx nx run wave-3:adopt --agent="A2" --by="Ada" --reason="two lines that the agent kept missing"',
    },
    { own: 'rm examples/bye/bye.mjs' },
    { run: 'npx nx run wave-3:prove' },
    { run: 'NX_SKIP_REMOTE_CACHE=true npx nx run wave-3:launch', says: closed },
    { run: 'npx nx run wave-3:watch', says: [/outcome: closed/] },
    { run: 'npx nx run wave-3:report' },
    { run: 'npx nx run wave-3:report --format=markdown' },
    { run: 'npx nx run wave-3:verify --replay' },
    commit('The third wave'),
    { run: 'npx nx run wave-3:land --dryRun', says: [/would land/] },
    {
      run: 'npx nx run wave-3:land --dryRunn',
      code: 1,
      says: [/'dryRunn' is not found in schema/],
      mistyped: true,
    },
    { run: 'npx nx run wave-3:land --branch=wave-3 --by="Ada"', says: [/has landed/] },
    { run: 'git push origin wave-3' },
    { run: 'npx nx run wave-3:land --commit', says: [/has landed/] },
  ],
  'hands off': [
    { own: 'npx nx g @nx-wave/plugin:wave "In the background" --no-interactive' },
    { run: 'npx nx run wave-4:submit' },
    { run: 'npx nx run wave-4:attach', says: closed },
    { run: 'npx nx run wave-4:wait --minutes=30', says: closed },
    { run: 'npx nx run wave-4:wait', says: closed },
    { run: 'npx nx run wave-4:autopilot', says: closed },
    { run: 'npx nx run wave-4:autopilot --json', says: [/"outcome":\s*"closed"/] },
    { own: 'npx nx g @nx-wave/plugin:wave "In its lane" --no-interactive' },
    { run: 'npx nx run waves:submit' },
    { run: 'npx nx run waves:attach', says: closed },
    { run: 'npx nx run waves:wait --minutes=30', says: closed },
    { run: 'npx nx run waves:autopilot', says: closed },
    { run: 'npx nx run waves:autopilot --json', says: [/"outcome":\s*"closed"/] },
  ],
  'what is kept': [
    { run: 'npx nx run waves:prune --dry-run' },
    { run: 'npx nx run waves:prune --older-than=90' },
    { run: 'npx nx run waves:prune --max-size=2GB' },
    { run: 'npx nx run waves:prune --olderThan=90 --dryRun' },
    { run: 'npx nx reset --only-cache' },
    { run: 'npx nx reset' },
    { run: 'npx nx run wave-4:launch', says: closed },
  ],
  'a store that machines share': [
    {
      own: `node -e "const fs = require('fs'), c = JSON.parse(fs.readFileSync('wave.config.json')); c.store = { url: 'file://' + require('path').resolve('../store') }; fs.writeFileSync('wave.config.json', JSON.stringify(c))"`,
    },
    {
      run: 'npx nx run waves:break-claim --wave wave-3 --agent A1 --by "Ada" --reason "its machine hangs"',
      says: [/nobody holds the claim/],
    },
  ],
  generators: [
    { run: 'npx nx g @nx-wave/plugin:init' },
    { run: 'npx nx g @nx-wave/plugin:init --skills' },
    { run: 'npx nx g @nx-wave/plugin:init --snippets' },
    { run: 'npx nx g @nx-wave/plugin:role security' },
    { run: 'npx nx g @nx-wave/plugin:ci --dry-run', says: [/waves\.yml/] },
    { run: 'npx nx g @nx-wave/plugin:ci' },
    { run: 'npx nx g @nx-wave/plugin:import' },
    {
      run: 'npx nx g @nx-wave/plugin:draft "Units in the header of every export" --executor=claude --maxUsd=1',
      code: 1,
      says: [/Nothing was started, because it may cost money/],
    },
    {
      run: 'npx nx g @nx-wave/plugin:draft "A faster parser" --executor=claude',
      code: 1,
      says: [/Nothing was started/],
    },
    {
      run: 'npx nx g @nx-wave/plugin:wave "A faster parser" --executor=claude --goal="Parse twice as fast." --owns=libs/parser/ --proof="npx nx test parser"',
    },
  ],
  'a landing taken back': [
    commit('What generators wrote'),
    { run: 'npx nx run wave-3:reopen --by="Ada" --reason="the release was withdrawn"', says: [/recorded: /] },
  ],
  upgrading: [
    { run: 'npx nx migrate @nx-wave/plugin@latest' },
    { run: 'npm install' },
    { run: 'npx nx migrate --run-migrations --if-exists' },
  ],
};

const ofRepository =
  'a check of the repository of nx-wave, of minutes to hours: its name and flags are held against its program';
const named = 'a program of somebody else, named and not asked to be run';

const runElsewhere = [
  { command: 'npm start', by: '.ci/run', says: 'npm start' },
  { command: 'npm test', by: '.ci/run', says: 'npm test' },
  { command: 'npm run build', by: 'tools/e2e/packed.slow.e2e.spec.ts', says: "'build.mjs'" },
  { command: 'npm run test:clis', by: '.ci/run', says: 'npm run test:clis -- --smoke' },
  { command: 'npm run generate', by: 'tools/generated/generated.spec.ts', says: 'says what the code says' },
  {
    command: 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER',
    by: 'tools/remote-cache/server.ts',
    says: 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER',
  },
  {
    command: 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN',
    by: 'tools/remote-cache/server.ts',
    says: 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN',
  },
  ...['cd', 'base', 'wave'].map((command) => ({
    command,
    by: 'packages/wave-plugin/src/engine/wave/tampered.slow.e2e.spec.ts',
    says: 'verify-without-us',
  })),
];

const held = [
  { command: 'npm run', reason: ofRepository },
  {
    command: 'node',
    reason: "a measurement, or somebody else's test runner: a file of ours has to be there",
  },
  { command: 'gh pr', reason: 'needs an account of a forge' },
  { command: 'nx-cloud', reason: 'needs an account of Nx Cloud' },
  {
    command: 'npm install',
    reason:
      'installs what others publish: npm run e2e begins with Nx, npm run test:stores uses the client of a cloud',
  },
  ...['git', 'jest', 'pnpm', 'yarn', 'sh', 'sha256sum', 'ssh-keygen'].map((command) => ({
    command,
    reason: named,
  })),
];

module.exports = { story, runElsewhere, held };
