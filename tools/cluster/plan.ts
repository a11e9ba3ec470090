import { createHash } from 'node:crypto';
import { noFaults, type NetworkFaults } from './server';
import type { Random } from './random';

export const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

/** One agent of the wave: how much work it is, and how its programs end. */
export interface WorkKey {
  key: string;
  unitId: string;
  /** Model calls until it is done: length in milliseconds and price of each. */
  calls: { ms: number; usd: number }[];
  /** How the first, second, … start ends that is not cut off; `ok` afterwards. */
  ends: ('ok' | 'fails' | 'auth' | 'quota')[];
  cap: number | null;
  /** Bases on which a proof that was made on another does not hold. */
  refuses: boolean;
}

export interface MachinePlan {
  name: string;
  base: number;
  skewMs: number;
  /** When it begins, and how many tasks it runs at a time. */
  startsAt: number;
  parallel: number;
  run: string;
  keys: number[];
}

/** What happens to a machine, its runner or its agent, and when. */
export type Mishap = { at: number; machine: number } & (
  | { is: 'kill-machine' | 'kill-runner' | 'drain' }
  | { is: 'suspend'; ms: number; steadyStops: boolean }
  | { is: 'stop-runner'; ms: number }
  | { is: 'set-clock'; ms: number }
  | { is: 'delete-claim'; key: number }
);

export interface TrialPlan {
  keys: WorkKey[];
  machines: MachinePlan[];
  mishaps: Mishap[];
  network: NetworkFaults;
  budget: number | null;
  places: number | null;
  /** After this, nothing happens any more that was not meant to. */
  calmAt: number;
}

const minute = 60_000;

/** A trial at random: a quarter of all without any fault, so that nothing may be paid twice without a cause. */
export function planTrial(random: Random, trial: number): TrialPlan {
  const isCalm = trial % 4 === 0;
  const keys = Array.from({ length: random.whole(1, 4) }, (_, at) => planKey(random, { trial, at, isCalm }));
  const machines = planMachines(random, { trial, keys: keys.length, isCalm });
  const total = keys.reduce((sum, { calls }) => sum + calls.reduce((all, { usd }) => all + usd, 0), 0);
  return {
    keys,
    machines,
    mishaps: isCalm ? [] : planMishaps(random, machines.length, keys.length),
    network: isCalm ? noFaults : planNetwork(random, machines),
    budget: random.chance(0.4) ? total * random.between(0.4, 3) : null,
    places: random.chance(0.3) ? random.whole(1, 2) : null,
    calmAt: 70 * minute,
  };
}

function planKey(
  random: Random,
  { trial, at, isCalm }: { trial: number; at: number; isCalm: boolean },
): WorkKey {
  const calls = Array.from({ length: random.whole(1, 24) }, () => ({
    ms: random.between(5_000, 70_000),
    usd: random.between(0.02, 0.2),
  }));
  const price = calls.reduce((sum, { usd }) => sum + usd, 0);
  const ends = (['ok', 'ok', 'ok', 'fails', 'auth', 'quota'] as const).slice(0, isCalm ? 1 : 6);
  return {
    key: sha256(`key ${trial} ${at}`),
    unitId: `A${at + 1}`,
    calls,
    ends: random.chance(0.3) ? [random.pick(ends), random.pick(ends)] : ['ok'],
    cap: random.chance(0.5) ? price * random.between(1, 2) : null,
    refuses: !isCalm && random.chance(0.15),
  };
}

function planMachines(
  random: Random,
  { trial, keys, isCalm }: { trial: number; keys: number; isCalm: boolean },
): MachinePlan[] {
  const count = random.whole(2, 5);
  const all = Array.from({ length: keys }, (_, at) => at);
  const first = Array.from({ length: count }, (_, at) => ({
    name: `m${at + 1}`,
    base: !isCalm && random.chance(0.2) ? 1 : 0,
    skewMs: isCalm ? 0 : random.between(-2, 2) * 60 * minute,
    startsAt: random.chance(0.5) ? random.between(0, 2_000) : random.between(0, 20 * minute),
    parallel: random.whole(1, 2),
    // Some belong to another pipeline of the same commit.
    run: random.chance(0.8) ? `run-${trial}-1` : `run-${trial}-other`,
    keys: random.shuffled(all),
  }));
  // A person starts the run again when all is calm; then somebody looks at it from elsewhere.
  const later = [1, 2].map((again) => ({
    name: `again${again}`,
    base: 0,
    skewMs: 0,
    startsAt: (75 + 120 * (again - 1)) * minute,
    parallel: 2,
    run: `run-${trial}-${again + 1}`,
    keys: all,
  }));
  return [...first, ...later];
}

function planMishaps(random: Random, machines: number, keys: number): Mishap[] {
  const disturbed = machines - 2;
  return Array.from({ length: random.whole(0, 5) }, (): Mishap => {
    const where = { at: random.between(0, 40 * minute), machine: random.whole(0, disturbed - 1) };
    switch (random.whole(0, 7)) {
      case 0:
        return { ...where, is: 'kill-machine' };
      case 1:
      case 2:
        return { ...where, is: 'kill-runner' };
      case 3:
        return { ...where, is: 'drain' };
      case 4:
        return {
          ...where,
          is: 'suspend',
          ms: random.between(10_000, 20 * minute),
          steadyStops: random.chance(0.7),
        };
      case 5:
        return { ...where, is: 'stop-runner', ms: random.between(10_000, 10 * minute) };
      case 6:
        return { ...where, is: 'set-clock', ms: random.between(-60, 60) * minute };
      default:
        return random.chance(0.3)
          ? { ...where, is: 'delete-claim', key: random.whole(0, keys - 1) }
          : { ...where, is: 'kill-machine' };
    }
  });
}

function planNetwork(random: Random, machines: readonly MachinePlan[]): NetworkFaults {
  const some = (most: number) => (random.chance(0.5) ? random.between(0, most) : 0);
  const windows = (most: number) =>
    Array.from({ length: random.chance(0.4) ? random.whole(1, 2) : 0 }, () => {
      const from = random.between(0, 45 * minute);
      return { from, to: from + random.between(5_000, most) };
    });
  return {
    lostRequest: some(0.08),
    lostResponse: some(0.08),
    doubled: some(0.08),
    late: some(0.05),
    stale: some(0.3),
    staleMs: random.between(1_000, 60_000),
    throttled: some(0.1),
    cutShort: some(0.2),
    outages: windows(6 * minute),
    expired: random.chance(0.2)
      ? windows(10 * minute).map((window) => ({
          ...window,
          machine: random.pick(machines.slice(0, -2)).name,
        }))
      : [],
  };
}
