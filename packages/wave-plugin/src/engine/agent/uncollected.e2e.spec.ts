// About run-agent.ts and rescue-attempts.ts: a checkout goes only after its work is durable.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, failure } from '@nx-wave/schemas/plain';
import { createWaveRig } from '../../testing/rig';

const wave = () => createWaveRig({ agents: [{ id: 'A1' }] });

describe('work that its runner could not collect', () => {
  it('survives what is thrown between the end of the program and collecting, and is not paid again', async () => {
    await using rig = wave();
    const edges = rig.edges();
    let root = '';
    const collect: typeof edges.git.collect = (checkout) => {
      root = checkout.root;
      throw new RangeError('Maximum call stack size exceeded');
    };
    await expect(rig.agent('A1', { git: { ...edges.git, collect } })).rejects.toThrow('stack size');
    expect(existsSync(join(root, 'src/A1.txt'))).toBe(true);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
    expect(existsSync(root)).toBe(false);
  });

  it('stays, and nobody is paid for it again, for as long as there is no space to keep it', async () => {
    await using rig = wave();
    const edges = rig.edges();
    const full = { ...edges.git, collect: async () => err(failure('disk-full', 'There is no space left.')) };
    const first = await rig.agent('A1', { git: full });
    expect(first.failures).toMatchObject([
      { code: 'disk-full', message: expect.stringContaining('still in') },
    ]);
    // Another command, on the same full disk.
    const reopened = { ...full, reopenCheckout: edges.git.reopenCheckout };
    const second = await rig.agent('A1', { git: reopened });
    expect(second.failures).toMatchObject([
      { code: 'disk-full', next: expect.stringContaining('no agent is paid before') },
    ]);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
  });

  it('is told to be gone where the agent has removed its own checkout, as an attempt like any other', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: "(await import('node:fs')).rmSync(process.cwd(), { recursive: true }); process.exit(0);",
        },
      ],
    });
    const first = await rig.agent('A1');
    expect(first.failures[0]).toMatchObject({ message: expect.stringContaining('The checkout is gone') });
    expect(first.ran).toEqual({ A1: 1 });
  });
});
