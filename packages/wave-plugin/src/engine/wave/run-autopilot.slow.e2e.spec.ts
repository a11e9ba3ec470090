// About engine/wave/run-autopilot.ts and notify-people.ts: real processes and git, launches without Nx.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AutopilotReport, Notification } from '@nx-wave/schemas';
import { autopilotReportSchema, notificationSchema } from '@nx-wave/schemas';
import { autopilotRules } from '../../core/autopilot/next-step';
import { goodPayloads } from '../../testing/envelopes';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import type { Edges } from '../session/edges';
import { autopilotRecord, takeControls } from './autopilot-record';
import { runAnswer } from './run-answer';
import { runAutopilot, type AutopilotDoors } from './run-autopilot';

/** Launches are those of the rig: what Nx would run, in order. */
function doorsOf(rig: WaveRig, edges: Edges, more: Partial<AutopilotDoors> = {}): AutopilotDoors {
  return {
    open: () => rig.session(edges),
    launch: async () => ((await rig.launch()).closure?.state === 'closed' ? 0 : 1),
    post: () => Promise.reject(new Error('nothing is posted')),
    ...more,
  };
}

async function fly(
  rig: WaveRig,
  { edges = {}, doors = {} }: { edges?: Partial<Edges>; doors?: Partial<AutopilotDoors> } = {},
): Promise<{ report: AutopilotReport; lines: string[] }> {
  const own = rig.edges(edges);
  const flown = await runAutopilot(own, doorsOf(rig, own, doors));
  if (!flown.ok) throw new Error(flown.error.map(({ message }) => message).join('; '));
  return { report: flown.value, lines: own.lines };
}

/** Tells what it is told: each notification is a line of `told.jsonl` beside the repository. */
const notifier = {
  notify: { command: ['tell', 'now'], env: ['TOLD'] },
};
const programs = {
  tell: `
const { appendFileSync, readFileSync } = require('node:fs');
if (process.argv[2] !== 'now') process.exit(2);
appendFileSync(process.env.TOLD, readFileSync(0, 'utf8'));
`,
};

function rigOf(options: RigOptions): WaveRig & { told(): Notification[] } {
  const rig = createWaveRig({ programs, ...options, config: { ...notifier, ...options.config } });
  const file = join(rig.dir, 'told.jsonl');
  writeFileSync(file, '');
  rig.env['TOLD'] = file;
  const told = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => notificationSchema.parse(JSON.parse(line)));
  return Object.assign(rig, { told });
}

const third = `
write('src/A1.txt', attempt < 3 ? 'not yet' : 'good');
`;
const asking = `
if (prompt.includes('both formats')) write('src/A1.txt', 'both');
else envelope({ records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which format? ' + (env.PASSWORD ?? ''), targets: ['human'] }] });
`;

describe('an autopilot', () => {
  it('closes a wave whose agent succeeds on its third attempt, and leaves the repository as it was', async () => {
    await using rig = rigOf({
      agents: [{ id: 'A1', does: third, proofCommands: ['grep -q good src/A1.txt'] }, { id: 'A2' }],
    });
    const untouched = rig.fingerprint();
    const { report, lines } = await fly(rig);
    expect(report).toMatchObject({ state: 'ended', outcome: 'closed', why: 'closed' });
    expect(autopilotReportSchema.parse(report)).toEqual(report);
    expect(report.steps.map(({ step }) => step)).toEqual(['launch', 'launch', 'launch']);
    expect(rig.runs()).toEqual({ A1: 3, A2: 1 });
    expect(rig.fingerprint()).toBe(untouched);
    const bounds = lines.findIndex((line) => line.includes('5 failed attempts'));
    expect(bounds).toBeGreaterThan(-1);
    expect(bounds).toBeLessThan(lines.findIndex((line) => line.startsWith('autopilot: launch 1')));
    expect(rig.told()).toMatchObject([{ event: 'closed', project: 'wave-1' }]);
    const again = await fly(rig);
    expect(again.report).toMatchObject({ outcome: 'closed', steps: [] });
    expect(rig.told()).toHaveLength(1);
    expect(JSON.parse(rig.read('.tmp/main-wave-launcher/status/autopilot-wave-1.json'))).toEqual(
      again.report,
    );
  });

  it('stops for a question, is told the answer from outside and goes on; nothing is paid before or again', async () => {
    await using rig = rigOf({ agents: [{ id: 'A1', does: asking }, { id: 'A2' }] });
    const first = await fly(rig);
    expect(first.report).toMatchObject({
      ...{ outcome: 'blocked', why: 'question' },
      next: expect.stringContaining('nx run wave-1:answer --request q1'),
      questions: [
        { requestId: 'q1', agentId: 'A1', state: 'open', summary: expect.stringContaining('Which format?') },
      ],
    });
    const second = await fly(rig);
    expect(second.report).toMatchObject({ why: 'question', steps: [] });
    expect(rig.told().map(({ event }) => event)).toEqual(['question']);
    const session = await rig.session();
    if (!session.ok) throw new Error('no session');
    await runAnswer(session.value, { request: 'q1', text: 'Keep both formats.', by: 'Ada' });
    expect((await fly(rig)).report).toMatchObject({ outcome: 'closed' });
    expect(rig.runs()).toEqual({ A1: 2, A2: 1 });
    expect(rig.told().map(({ event }) => event)).toEqual(['question', 'closed']);
  });

  it('escalates, reroutes and gives up on a question by the clock that it is given, and tells each once', async () => {
    await using rig = rigOf({
      agents: [{ id: 'A1', does: asking }],
      config: {
        people: {
          ...{ answers: 'Ada', escalateMinutes: 10, escalateTo: 'Grace' },
          ...{ rerouteMinutes: 20, rerouteTo: 'the office', deadlineMinutes: 60 },
        },
        autopilot: { waitMinutes: 600 },
      },
    });
    let minutes = 0;
    const start = rig.edges().now().getTime();
    const real = rig.edges().clock;
    const clock = { ...real, sleep: () => Promise.resolve(void (minutes += 1)) };
    const now = () => new Date(start + minutes * 60_000);
    const { report } = await fly(rig, { edges: { clock, now } });
    expect(report).toMatchObject({ outcome: 'blocked', why: 'question' });
    expect(report.questions).toMatchObject([{ state: 'timed_out', assignee: 'the office' }]);
    expect(minutes).toBe(60);
    expect(rig.told().map(({ question }) => [question?.state, question?.assignee])).toEqual([
      ['assigned', 'Ada'],
      ['escalated', 'Grace'],
      ['rerouted', 'the office'],
      ['timed_out', 'the office'],
    ]);
    expect(rig.runs()).toEqual({ A1: 1 });
  });

  it('waits for an answer that comes from outside, and goes on with it', async () => {
    await using rig = rigOf({
      agents: [{ id: 'A1', does: asking }],
      config: { autopilot: { waitMinutes: 60 } },
    });
    const real = rig.edges().clock;
    let looks = 0;
    const sleep = async () => {
      looks += 1;
      if (looks !== 3) return;
      const session = await rig.session();
      if (!session.ok) throw new Error('no session');
      await runAnswer(session.value, { request: 'q1', text: 'both formats', by: 'Ada' });
    };
    const { report } = await fly(rig, { edges: { clock: { ...real, sleep } } });
    expect(report).toMatchObject({ outcome: 'closed' });
    expect(report.steps.map(({ step }) => step)).toEqual(['launch', 'wait', 'launch']);
    expect(rig.runs()).toEqual({ A1: 2 });
  });

  it('tells no secret, and a notifier that fails changes no outcome and is said', async () => {
    await using rig = rigOf({
      agents: [{ id: 'A1', does: asking }],
      env: { PASSWORD: 'hunter2-hunter2-hunter2' },
      config: {
        notify: { command: ['tell', 'now'], env: ['TOLD'], webhook: 'https://hooks.example.test/T0P-S3CRET' },
        secrets: { names: ['PASSWORD'] },
        executors: { local: { env: ['PASSWORD'] } },
      },
    });
    const posted: string[] = [];
    const post: AutopilotDoors['post'] = (url, body) => {
      posted.push(`${url} ${body}`);
      return Promise.resolve('it answered with status 500');
    };
    const { report, lines } = await fly(rig, { doors: { post } });
    expect(report).toMatchObject({ outcome: 'blocked', why: 'question' });
    expect(report.notices).toEqual(['notify.webhook did not take `question`: it answered with status 500']);
    expect(lines).toContainEqual(expect.stringContaining('warning: notify-failed: notify.webhook'));
    expect(posted).toHaveLength(1);
    expect([posted.join(), JSON.stringify(rig.told()), lines.join()].join()).not.toContain('hunter2');
    expect(rig.told()).toMatchObject([{ event: 'question' }]);
    expect(lines.join()).not.toContain('T0P-S3CRET');
    rig.configure({ notify: { command: ['no-such-program'] } });
    const { report: unheard } = await fly(rig);
    expect(unheard).toMatchObject({ outcome: 'blocked', why: 'question' });
    expect(unheard.notices).toEqual([expect.stringMatching(/^notify\.command \(no-such-program\).*ENOENT/)]);
  });

  it('is the only one of its wave; a second one is refused and starts nothing', async () => {
    await using rig = rigOf({ agents: [{ id: 'A1' }] });
    const session = await rig.session();
    if (!session.ok) throw new Error('no session');
    const held = await takeControls(autopilotRecord(session.value.durableRoot, 'wave-1'));
    if (!held.ok) throw new Error('no lease');
    const edges = rig.edges();
    expect(await runAutopilot(edges, doorsOf(rig, edges))).toMatchObject({
      error: [{ code: 'autopilot-running' }],
    });
    expect(rig.runs()).toEqual({});
    await held.value.release();
    expect((await fly(rig)).report.outcome).toBe('closed');
  });
});

describe('a steward who blocks the wave and would pass whoever asks again', () => {
  const blocks = {
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: 'Not good.' } },
  };
  const agents = [
    { id: 'A1' },
    {
      id: 'A0',
      owns: ['docs/reviews/wave-1.md'],
      does: `review('docs/reviews/wave-1.md'); if (attempt === 1) envelope(${JSON.stringify(blocks)});`,
    },
  ];

  it('is asked once: its judgement is left to a person', async () => {
    await using rig = rigOf({ agents });
    const { report } = await fly(rig);
    expect(report).toMatchObject({ outcome: 'blocked', why: 'review' });
    expect(rig.runs()).toEqual({ A1: 1, A0: 1 });
    expect(rig.told()).toMatchObject([{ event: 'blocked' }]);
    expect(existsSync(join(rig.root, 'docs/plans/waves/wave-1.ledger'))).toBe(false);
  });

  it('without that rule is asked until it passes, which is what the rule is there for', async () => {
    await using rig = rigOf({ agents });
    const rules = { ...autopilotRules, asksJudgesOnce: false };
    const { report } = await fly(rig, { doors: { rules } });
    expect(report.outcome).toBe('closed');
    expect(rig.runs()).toEqual({ A1: 1, A0: 2 });
  });
});
