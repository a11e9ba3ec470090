import { closureSchema } from '@nx-wave/schemas';
import { createWaveRig } from '../../testing/rig';
import { reportOpenWave } from './report-open-wave';

describe('the report of a task that failed', () => {
  const fails = { does: "write('src/' + env.WAVE_AGENT_ID + '.txt', 'bad')", proofCommands: ['false'] };

  it('names what another task failed with while it was being made', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', ...fails },
        { id: 'A2', ...fails },
      ],
    });
    await rig.agent('A2');
    const opened = await rig.session();
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const session = opened.value;
    const { list } = session.attempts;
    let isFirst = true;
    // A1 has been looked for and was not there: it ends and reports now.
    const late: typeof list = async (project, unitId) => {
      const found = await list(project, unitId);
      if (isFirst && unitId === 'A2') {
        isFirst = false;
        await rig.agent('A1');
      }
      return found;
    };
    await reportOpenWave({ ...session, attempts: { ...session.attempts, list: late } }, []);
    const { reasons } = closureSchema.parse(
      JSON.parse(rig.read('.tmp/main-wave-launcher/closure/wave-1.json')),
    );
    const failed = reasons.filter(({ code }) => code === 'proof-command-failed');
    expect(failed.flatMap(({ agentIds }) => agentIds).sort()).toEqual(['A1', 'A2']);
    expect(isFirst).toBe(false);
  });
});
