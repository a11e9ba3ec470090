import { startProgram, type StartedProgram } from './start-program';
import { startWatchdog } from './watchdog';

const idle = ['-e', "process.stdout.write('up'); setInterval(() => {}, 1000)"];

async function startIdle(): Promise<StartedProgram> {
  const started = await startProgram(process.execPath, idle, { cwd: '/', env: {}, detached: true });
  if ('errorCode' in started) throw new Error(started.message);
  await new Promise((resolve) => started.stdout.once('data', resolve));
  return started;
}

const endOf = ({ child }: StartedProgram) =>
  new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));

it('ends the group when the time that it may go on is over', async () => {
  const started = await startIdle();
  const ended = endOf(started);
  await startWatchdog(started.pid, 10);
  expect(await ended).toBe('SIGKILL');
});

it('ends the group of a runner that was killed', async () => {
  const group = await startIdle();
  const ended = endOf(group);
  const runner = await startProgram(
    process.execPath,
    [
      '-r',
      '@swc-node/register',
      '-e',
      `require(${JSON.stringify(require.resolve('./watchdog'))}).startWatchdog(${group.pid}, 3600000).then(() => process.stdout.write('up')); setInterval(() => {}, 1000)`,
    ],
    { cwd: process.cwd(), env: { PATH: process.env['PATH'] ?? '', TS_NODE_PROJECT: 'tsconfig.base.json' } },
  );
  if ('errorCode' in runner) throw new Error(runner.message);
  await new Promise((resolve) => runner.stdout.once('data', resolve));
  process.kill(runner.pid, 'SIGKILL');
  expect(await ended).toBe('SIGKILL');
});

it('leaves a group alone that is over', async () => {
  const started = await startIdle();
  const watchdog = await startWatchdog(started.pid, 3_600_000);
  watchdog?.close();
  const ended = endOf(started);
  process.kill(started.pid, 'SIGTERM');
  expect(await ended).toBe('SIGTERM');
});
