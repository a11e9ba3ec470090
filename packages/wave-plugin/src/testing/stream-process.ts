import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTranscript } from '../edges/processes/transcript';
import { runProgram } from '../engine/program/run-program';
import { createProgramRig } from './program-rig';
import { buildAgent, buildExecutor } from './resolved';

/**
 * Supervises a program that prints `<mebibytes>` as fast as it can, as a process of its own, and prints what it took:
 * `{ outcome, peakMiB, shownLines }`. Transcript, redaction, reader and progress are those of a real run.
 */
async function stream(mebibytes: number): Promise<void> {
  const rig = createProgramRig();
  const noise = `
    const line = 'one line of a program that has a lot to say '.repeat(20) + process.env.LOUD_TOKEN + '\\n';
    const block = Buffer.from(line.repeat(Math.ceil(1048576 / line.length)));
    let left = ${mebibytes};
    const more = () => { while (left > 0) { left -= 1; if (!process.stdout.write(block)) return process.stdout.once('drain', more) } };
    more();`;
  const transcript = openTranscript(join(rig.dir, 'transcript.jsonl'), { head: 8 * 2 ** 20, tail: 2 ** 20 });
  const agent = buildAgent({ executor: buildExecutor('local', { command: 'node noise.cjs' }) });
  writeFileSync(join(rig.workspaceDir, 'noise.cjs'), noise);
  let shownLines = 0;
  const { outcome } = await runProgram(
    rig.request({
      agent,
      baseEnv: { PATH: process.env.PATH, LOUD_TOKEN: 'hush-hush-hush' },
      variables: { WAVE_RUN_MARKER: rig.dir, LOUD_TOKEN: 'hush-hush-hush' },
      onLine: () => {
        shownLines += 1;
      },
      writeTranscript: transcript.write,
    }),
  );
  const problem = transcript.close();
  rmSync(rig.dir, { recursive: true, force: true });
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ outcome: outcome.kind, problem, peakMiB, shownLines })}\n`);
}

void stream(Number(process.argv[2]));
