// Tests engine/agent/find-secrets.ts, engine/agent/judge-attempt.ts and engine/wave/run-report.ts.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runDecide } from '../wave/run-decide';
import { runReport, type ReportForm } from '../wave/run-report';
import { runAdopt } from './run-adopt';

const value = 'correct-horse-battery-staple';
const inBase = 'long-known-value-of-the-base';
const short = 'swordfish';
const encoded = Buffer.from(`user:${value}`).toString('base64');
const executors = { default: 'local', local: { env: ['SITE_TOKEN', 'OLD_TOKEN', 'PIN_SECRET'] } };
const env = { SITE_TOKEN: value, OLD_TOKEN: inBase, PIN_SECRET: short };

async function open(rig: WaveRig) {
  const session = await rig.session();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

async function report(rig: WaveRig, form: ReportForm): Promise<string> {
  const written = await runReport(await open(rig), form);
  if (!written.ok) throw new Error(JSON.stringify(written.error));
  // Markdown escapes the lines of names.
  return rig.read(written.value).replaceAll('\\_', '_');
}

/** Everything below the state root, with the names of the files: what is shown, and what Nx keeps. */
function shownFiles(rig: WaveRig): string {
  const found = readdirSync(join(rig.root, '.tmp'), { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => `${path}\n${readFileSync(path, 'latin1')}`).join('\n');
}

describe('the value of a secret variable that an agent writes into its slice', () => {
  it('is refused by path and name, shown nowhere, kept for its owner, and closes once a person waives it', async () => {
    await using rig = createWaveRig({
      env,
      config: { executors },
      agents: [{ id: 'A1', does: "write('src/A1.txt', `first\\ntoken ${env.SITE_TOKEN}\\n`);" }],
    });
    const refused = await rig.launch();
    expect(refused.failures).toMatchObject([
      {
        code: 'secret-in-slice',
        message: expect.stringContaining(
          'src/A1.txt, line 2, holds the value of the secret variable SITE_TOKEN',
        ),
        place: { agentId: 'A1', path: 'src/A1.txt' },
        next: expect.stringContaining('decide --waive secret-in-slice --agent A1'),
      },
    ]);
    expect(refused.closure?.state).toBe('open');
    const hidden = 'The patch of A1 is not shown: it holds the value of SITE_TOKEN. It is kept for you alone';
    expect(await report(rig, 'markdown')).toContain(hidden);
    expect(await report(rig, 'html')).toContain(hidden);
    expect(refused.lines.join('\n')).toContain('SITE_TOKEN');
    expect(refused.lines.join('\n')).not.toContain(value);
    expect(shownFiles(rig)).not.toContain(value);
    expect(shownFiles(rig)).not.toMatch(/\/changes\.patch\n/);

    const attempt = join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-1');
    expect(statSync(attempt).mode & 0o777).toBe(0o700);
    for (const folder of ['collected', 'bundle']) {
      const patch = join(attempt, folder, 'changes.patch');
      expect(readFileSync(patch, 'utf8')).toContain(`+token ${value}`);
      for (const name of ['changes.patch', 'objects.pack'])
        expect(statSync(join(attempt, folder, name)).mode & 0o777).toBe(0o600);
    }

    const decided = await runDecide(await open(rig), {
      waive: 'secret-in-slice',
      agent: 'A1',
      by: 'Ada',
      reason: 'a key of the test service',
    });
    expect(decided).toMatchObject({ ok: true });
    const closed = await rig.launch();
    expect(closed.failures).toEqual([]);
    expect(closed.closure?.state).toBe('closed');
    expect(closed.ran).toEqual({});
    expect(closed.lines.join('\n')).toMatch(
      /advisory: .*the variable SITE_TOKEN\. Waived by Ada: a key of the/,
    );
    const said = await report(rig, 'markdown');
    expect(said).toContain(hidden);
    expect(said).toContain('waived secret-in-slice for A1');
    expect(said).not.toContain(value);
  });

  it('is found encoded, in names, in artifacts and in work that failed, and not where the base has it', async () => {
    await using rig = createWaveRig({
      env,
      config: { executors },
      files: { 'docs/old.txt': `has ${inBase} in it\n` },
      agents: [
        {
          id: 'A1',
          does: "write('src/A1.txt', Buffer.from(`user:${env.SITE_TOKEN}`).toString('base64'));",
        },
        { id: 'A2', owns: ['src/A2/'], does: "write(`src/A2/${env.SITE_TOKEN}.txt`, 'nothing in it');" },
        {
          id: 'A3',
          owns: ['src/A3.txt', '.tmp/proof/'],
          does: "write('src/A3.txt', 'x'); write('.tmp/proof/run.log', env.SITE_TOKEN);",
        },
        { id: 'A4', does: "write('src/A4.txt', env.SITE_TOKEN); process.exitCode = 3;" },
        { id: 'A5', does: "write('src/A5.txt', `moved here: ${env.OLD_TOKEN}`);" },
        { id: 'A6', does: "write('src/A6.txt', `perhaps ${env.PIN_SECRET}`);" },
      ],
    });
    const ended = async (id: string) => {
      const { failures, lines } = await rig.agent(id);
      return {
        codes: failures.map(({ code }) => code),
        said: [...lines, JSON.stringify(failures)].join('\n'),
      };
    };
    for (const id of ['A1', 'A2', 'A3']) {
      const { codes, said } = await ended(id);
      expect([id, ...codes]).toEqual([id, 'secret-in-slice']);
      expect(said).not.toContain(value);
      expect(said).not.toContain(encoded);
    }
    expect((await ended('A4')).codes).toEqual(['agent-exit', 'secret-in-slice']);
    const moved = await ended('A5');
    expect(moved.codes).toEqual([]);
    expect(moved.said).not.toContain('OLD_TOKEN');
    const likely = await ended('A6');
    expect(likely.codes).toEqual([]);
    expect(likely.said).toMatch(/advisory: .*src\/A6\.txt, line 1, .*PIN_SECRET.*too short/);
    expect(likely.said).not.toContain(short);
    const said = await report(rig, 'markdown');
    expect(said).not.toContain(value);
    expect(said).not.toContain(encoded);
    expect(said.match(/is not shown: it holds the value of SITE_TOKEN/g)).toHaveLength(4);
    expect(shownFiles(rig)).not.toContain(value);
  });

  it('is refused in the change of a person, too', async () => {
    await using rig = createWaveRig({ env, agents: [{ id: 'A1' }] });
    rig.write('src/A1.txt', `by hand: ${value}\n`);
    const adopted = await runAdopt(await open(rig), {
      agent: 'A1',
      source: { kind: 'tree' },
      envelopePath: null,
      by: 'Ada',
      reason: 'I know this file.',
    });
    expect(adopted).toMatchObject({ ok: false, error: [{ code: 'secret-in-slice' }] });
    expect(JSON.stringify(adopted)).not.toContain(value);
    const attempts = join(rig.root, '.git/nx-wave/attempts/wave-1/A1');
    for (const attempt of ['attempt-1/collected', 'attempt-2/bundle'])
      expect(statSync(join(attempts, attempt, 'changes.patch')).mode & 0o777).toBe(0o600);
  });
});
