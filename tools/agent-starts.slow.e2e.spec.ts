// Tests agent-starts.mjs: what `npm start` says of the agents that ran.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../packages/wave-plugin/src/testing/rig';
import { rigStore } from '../packages/wave-plugin/src/testing/rig-store';

const list = `import(process.argv[1]).then(({ agentStarts }) => console.log([...agentStarts('.', 'wave-1')].sort().join()))`;
const startsOf = (rig: WaveRig) =>
  execFileSync(process.execPath, ['-e', list, join(__dirname, 'agent-starts.mjs')], {
    cwd: rig.root,
    encoding: 'utf8',
  }).trim();

it('an agent ran where its program was started, and not where its work was verified again or served', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A2' }] });
  expect(startsOf(rig)).toBe('');
  await rig.agent('A1');
  expect(startsOf(rig)).toBe('A1/attempt-1');
  // What a crash right after collecting leaves: the work is verified again, as an attempt of its own.
  rmSync(join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-1/bundle'), { recursive: true });
  rigStore(rig).removeProofs();
  rigStore(rig).removeStateRoot();
  const again = await rig.agent('A1');
  expect(again.lines).toContain('verifying again: wave-1/A1/attempt-1 (no agent runs)');
  await rig.agent('A1');
  await rig.agent('A2');
  expect(startsOf(rig)).toBe('A1/attempt-1,A2/attempt-1');
  expect(rig.runs()).toEqual({ A1: 1, A2: 1 });
});
