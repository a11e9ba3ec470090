// Tests core/cage/cage-policy.ts and edges/processes/cage/cage-edge.ts: proof commands come to the same end with a cage and without.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { machineHasCage } from '../../testing/cage-rig';
import { createWaveRig } from '../../testing/rig';

const modules = resolve(__dirname, '../../../../../node_modules');

/** What has to be as it is outside: name, command, and what its end is. */
const commands: [what: string, command: string, outcome: string, exitCode: number | null][] = [
  ['an exit code', `node -e "process.exit(7)"`, 'failed', 7],
  ['a signal', `node -e "process.kill(process.pid, 'SIGKILL')"`, 'failed', null],
  ['the history by alternates', 'git log --oneline', 'passed', 0],
  ['an object of the person by alternates', 'git cat-file -e HEAD:src/base.txt', 'passed', 0],
  ['a commit in the checkout', `git commit -q --allow-empty -m test`, 'passed', 0],
  ['a package through its link', `node -e "require('pkg')"`, 'passed', 0],
  ['a program of a package by npx', 'npx --no-install tool', 'passed', 0],
  ['a package script', 'npm run --silent tool', 'passed', 0],
  [
    'its private caches',
    `node -e "require('fs').writeFileSync(process.env.HOME + '/cached', 'x')"`,
    'passed',
    0,
  ],
  ['its temporary folder', `node -e "require('fs').mkdtempSync(require('os').tmpdir() + '/x')"`, 'passed', 0],
  ['a port of its own', 'node checks/port.mjs', 'passed', 0],
  ['a socket of its own', 'node checks/socket.mjs', 'passed', 0],
  ['a family of processes', 'node checks/family.mjs', 'passed', 0],
  ['a process that it leaves behind', 'node checks/leaves.mjs', 'passed', 0],
  ['Nx', 'npx --no-install nx run app:check', 'passed', 0],
];

const files = {
  '.gitignore': '.tmp/\nnode_modules/\n.nx/\n',
  'package.json': JSON.stringify({ name: 'shop', private: true, scripts: { tool: 'tool' } }),
  'nx.json': '{}',
  'app/project.json': JSON.stringify({
    name: 'app',
    targets: { check: { executor: 'nx:run-commands', cache: true, options: { command: 'node --version' } } },
  }),
  'checks/port.mjs': `import { createServer } from 'node:http';
const server = createServer((_asked, answer) => answer.end('here')).listen(0, '127.0.0.1', async () => {
  const answer = await fetch('http://127.0.0.1:' + server.address().port);
  process.exit((await answer.text()) === 'here' ? 0 : 1);
});`,
  'checks/socket.mjs': `import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
const path = tmpdir() + '/s';
createServer((socket) => socket.end('here')).listen(path, () => connect(path).on('data', () => process.exit(0)));`,
  'checks/family.mjs': `import { execFileSync } from 'node:child_process';
const seen = execFileSync('sh', ['-c', 'sh -c "node --version" | cat'], { encoding: 'utf8' });
process.exit(seen.trim() === process.version ? 0 : 1);`,
  'checks/leaves.mjs': `import { spawn } from 'node:child_process';
spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();`,
};

describe.each(machineHasCage ? ['auto', 'off'] : ['off'])(
  'proof commands with isolation "%s"',
  (isolation) => {
    it('come to the end that they have without a runner', async () => {
      await using rig = createWaveRig({
        files,
        agents: [{ id: 'A1', proofCommands: commands.map(([, command]) => command) }],
        config: { proof: { isolation, level: 'exit', folders: [modules] } },
      });
      const put = (path: string, text: string) => {
        mkdirSync(dirname(join(rig.root, path)), { recursive: true });
        writeFileSync(join(rig.root, path), text, { mode: 0o755 });
      };
      put('node_modules/pkg/index.js', '');
      put('node_modules/pkg/package.json', '{"name":"pkg"}');
      put('node_modules/.bin/tool', '#!/usr/bin/env node\n');
      symlinkSync(join(modules, 'nx'), join(rig.root, 'node_modules/nx'));
      symlinkSync(join(modules, '.bin/nx'), join(rig.root, 'node_modules/.bin/nx'));
      const { failures } = await rig.agent('A1');
      const session = await rig.session();
      if (!session.ok) throw new Error('no session');
      const [attempt] = await session.value.attempts.list('wave-1', 'A1');
      const results = attempt?.manifest.predicate.proofCommands ?? [];
      expect(
        results.map(({ command, outcome, exitCode, tail }) => ({ command, outcome, exitCode, tail })),
      ).toEqual(
        commands.map(([, command, outcome, exitCode]) => ({
          command,
          outcome,
          exitCode,
          tail: expect.anything(),
        })),
      );
      expect(failures).toHaveLength(2);
    });
  },
);
