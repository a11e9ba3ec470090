import { claimOf, type Findings } from './checks';
import { sha256, type TrialPlan } from './plan';
import type { Random } from './random';
import { noFaults } from './server';
import { playPlan } from './trial';
import type { Sabotage } from './without';

/** One agent of seven minutes, two machines that want it at once: checkpoints, beats, a waiter and all. */
function shortPlan(scripted: TrialPlan['network']['scripted']): TrialPlan {
  const work = {
    key: sha256('one agent'),
    unitId: 'A1',
    calls: Array.from({ length: 9 }, () => ({ ms: 47_000, usd: 0.1 })),
    ends: [],
    cap: null,
    refuses: false,
  };
  const machine = { base: 0, skewMs: 0, startsAt: 0, parallel: 1, run: 'run', keys: [0] };
  return {
    keys: [work],
    machines: ['m1', 'm2'].map((name, at) => ({ ...machine, name, startsAt: at * 7_000 })),
    mishaps: [],
    network: scripted === undefined ? noFaults : { ...noFaults, scripted },
    budget: 4,
    places: 1,
    calmAt: 0,
  };
}

/** Everything of the claims and the budget that is not a name, a time or a nonce. */
async function finalState(seed: number, sabotage: Sabotage, scripted: TrialPlan['network']['scripted']) {
  const { server, plan, truth } = await playPlan(shortPlan(scripted), seed, sabotage);
  const claim = claimOf(server.current(`claims/${plan.keys[0]?.key ?? ''}`));
  const wave = server.current('waves/wave-1')?.body ?? new Uint8Array();
  const admission = JSON.parse(new TextDecoder().decode(wave)) as {
    entries: { open: boolean; gen: number }[];
  };
  return JSON.stringify({
    state: claim?.state,
    gen: claim?.gen,
    starts: claim?.starts.map(({ gen, end, run }) => ({ gen, end, run })),
    proofs: claim?.proofs.length,
    checkpoint: claim?.checkpoint,
    entries: admission.entries.map(({ open, gen }) => ({ open, gen })),
    programs: truth.starts.length,
  });
}

/** I6: whichever response is lost or doubled, the claim ends the same. Some of all calls, at random; all of them for `each`. */
export async function disturbCalls(
  random: Random,
  seed: number,
  { sabotage, count }: { sabotage: Sabotage; count: number },
): Promise<Pick<Findings, 'red'> & { tested: number }> {
  let calls = 0;
  const expected = await finalState(seed, sabotage, () => {
    calls += 1;
    return null;
  });
  const red: Findings['red'] = [];
  for (let at = 0; at < count; at += 1) {
    // Where the claim is taken and settled, more is decided than at a beat.
    const which = random.chance(0.5) ? random.whole(1, 6) : random.whole(1, calls);
    const how = random.pick(['lostResponse', 'doubled', 'lostRequest'] as const);
    const found = await finalState(seed, sabotage, (call) => (call === which ? how : null));
    if (found !== expected)
      red.push({ of: 'I6', text: `call ${which} of ${calls}, ${how}: ${found} in place of ${expected}` });
  }
  return { red, tested: count };
}
