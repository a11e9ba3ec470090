import { type RigAgent } from './rig-wave';

const own = (id: string) => `src/${id}.txt`;
const done = (id: string) => `write('${own(id)}', 'work of ${id}');`;

/** One way in which the work of an agent is refused, and what the person is told. */
export interface RefusedCase {
  title: string;
  agent: Omit<RigAgent, 'id'> & { does?: string | null };
  /** Codes of all failures, in order. */
  codes: string[];
  /** What the person reads, somewhere. */
  tells: (string | RegExp)[];
  /** False where the program never started. */
  started?: false;
  /** False where nothing was left to keep. */
  kept?: false;
  /** False where it did not come to an attempt: only the task itself tells of it. */
  attempted?: false;
}

/** Agent `X<n>` of a test wave is the n-th of these. */
export const refusedCases: readonly RefusedCase[] = [
  {
    title: 'whose script is not there',
    agent: { does: null },
    codes: ['agent-exit'],
    tells: [
      /Cannot find module.*agents\/X1\.mjs/,
      'Read .tmp/main-wave-launcher/results/wave-1/attempt-1/X1/transcript.jsonl',
    ],
    started: false,
  },
  {
    title: 'whose program is not on PATH',
    agent: { command: 'no-such-program --fast' },
    codes: ['agent-spawn'],
    tells: [
      '"no-such-program --fast" (ENOENT)',
      'Check the command under "### Executor" in docs/plans/waves/wave-1.md',
    ],
    started: false,
    attempted: false,
  },
  {
    title: 'that declares no command',
    agent: { command: null },
    codes: ['local-command-missing'],
    tells: ['declares no local.command', 'Write "- local.command:'],
    started: false,
    attempted: false,
  },
  {
    title: 'whose program exits with an error',
    agent: {
      does: "write('src/X4.txt', 'half'); silent(); console.error('out of eggs'); process.exitCode = 3;",
    },
    codes: ['agent-exit'],
    tells: ['exit code 3', 'out of eggs'],
  },
  {
    title: 'whose program is killed',
    agent: {
      does: "write('src/X5.txt', 'half'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});",
    },
    codes: ['agent-killed'],
    tells: ['SIGKILL'],
  },
  {
    title: 'that leaves no envelope',
    agent: { does: `${done('X6')} silent();` },
    codes: ['envelope-missing'],
    tells: ['left no result envelope', 'WAVE_RESULT_ENVELOPE'],
  },
  {
    title: 'whose envelope is not JSON',
    agent: { does: `${done('X7')} silent(); raw('{"schemaVersion": 2,');` },
    codes: ['envelope-malformed'],
    tells: ['is not JSON'],
  },
  {
    title: 'whose envelope breaks its schema',
    agent: { does: `${done('X8')} envelope({ proof: { state: 'perfect' }, implementation: undefined });` },
    codes: ['envelope-malformed', 'envelope-malformed'],
    tells: ['proof.state', 'The payload `implementation` is missing'],
  },
  {
    title: 'that answers under another name',
    agent: { does: `${done('X9')} envelope({ agentId: 'X1' });` },
    codes: ['envelope-identity'],
    tells: ['The envelope says agentId "X1", but this is agentId "X9"'],
  },
  {
    title: 'that adds a path it does not own',
    agent: { does: `${done('X10')} write('src/stolen.txt', 'mine now');` },
    codes: ['ownership-violation'],
    tells: ['src/stolen.txt'],
  },
  {
    title: 'that deletes a path it does not own',
    agent: { does: `${done('X11')} remove('src/base.txt');` },
    codes: ['ownership-violation'],
    tells: ['src/base.txt'],
  },
  {
    title: 'that moves a path it does not own to one that it owns',
    agent: { does: "rename('src/base.txt', 'src/X12.txt');" },
    codes: ['ownership-violation'],
    tells: ['src/base.txt'],
  },
  {
    title: 'that leaves a link out of the checkout',
    agent: { does: "link('../../../../etc/hosts', 'src/X13.txt');" },
    codes: ['symlink-escape'],
    tells: ['src/X13.txt'],
  },
  {
    title: 'that forgets a deliverable',
    agent: { does: '', deliverables: [own('X14')] },
    codes: ['deliverable-missing', 'slice-empty'],
    tells: [own('X14')],
    kept: false,
  },
  {
    title: 'that leaves a deliverable empty',
    agent: { does: "write('src/X15.txt', '');", deliverables: [own('X15')] },
    codes: ['deliverable-empty'],
    tells: [own('X15')],
  },
  {
    title: 'whose proof command fails',
    agent: { does: done('X16'), proofCommands: ['node -e "console.log(6 * 7); process.exit(5)"'] },
    codes: ['proof-command-failed'],
    tells: ['process.exit(5)', '42'],
  },
  {
    title: 'whose proof command names a program that is not there',
    agent: { does: done('X17'), proofCommands: ['./no-such-checker src'] },
    codes: ['proof-command-missing'],
    tells: ['no-such-checker'],
  },
  {
    title: 'that leaves a repository inside its checkout',
    agent: {
      does: `${done('X18')} (await import('node:child_process')).execSync('git init -q src/inner && echo x > src/inner/x');`,
      owns: ['src/X18.txt', 'src/inner/'],
    },
    codes: ['nested-repository'],
    tells: ['src/inner'],
  },
];

/** The agents of one wave that holds every case. */
export const refusedAgents = (): RigAgent[] =>
  refusedCases.map(({ agent }, at) => ({ id: `X${at + 1}`, ...agent }));
