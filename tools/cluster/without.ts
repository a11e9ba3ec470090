import { decideAcquire } from '../../packages/wave-plugin/src/core/shared-store/claim';
import type { ClaimProtocol } from '../../packages/wave-plugin/src/core/shared-store/claim-protocol';
import type { ClaimPeriods } from '../../packages/wave-plugin/src/core/shared-store/periods';
import type { Machine } from './machine';
import { noFaults, type NetworkFaults } from './server';
import { sha256, type Mishap, type TrialPlan } from './plan';

/** One rule of the protocol that is switched off, for a negative control. The product has no switch for it. */
export interface Sabotage {
  protocol?: (machine: Machine) => Partial<ClaimProtocol>;
  periods?: ClaimPeriods;
  run?: (run: string, nonce: () => string) => string;
  watchdog?: false;
  settles?: false;
  checkpoints?: false;
  ignoresBudget?: true;
  believesBytes?: true;
  believesCheckpoint?: true;
  loserPublishes?: true;
}

export interface Control extends Sabotage {
  /** The invariant that it breaks. */
  breaks: string;
  about: string;
  /** What has to happen in a trial for it to be noticed. */
  plan?: (plan: TrialPlan) => TrialPlan;
}

const minute = 60_000;
/** Two long agents, and a machine that begins before the others: whatever is to meet them does. */
const longWork = (plan: TrialPlan): TrialPlan => ({
  ...plan,
  keys: [1, 2].map((number) => ({
    key: sha256(`${plan.keys[0]?.key ?? ''} ${number}`),
    unitId: `A${number}`,
    ends: ['ok'],
    cap: null,
    refuses: false,
    calls: Array.from({ length: 20 }, () => ({ ms: 45_000, usd: 0.1 })),
  })),
  machines: plan.machines.map((machine, at) => ({
    ...machine,
    base: 0,
    keys: at % 2 === 0 ? [0, 1] : [1, 0],
    startsAt: machine.startsAt > 60 * minute ? machine.startsAt : at * 20_000,
  })),
  budget: null,
  places: null,
  network: noFaults,
  mishaps: [],
});

const with_ = (
  plan: TrialPlan,
  mishaps: (machine: number) => Mishap[],
  network: Partial<NetworkFaults> = {},
): TrialPlan => {
  const long = longWork(plan);
  return {
    ...long,
    network: { ...noFaults, ...network },
    mishaps: long.machines.slice(0, -2).flatMap((_, machine) => mishaps(machine)),
  };
};

/** Every invariant has one: `npm run test:cluster -- --without <name>`. */
export const controls: Record<string, Control> = {
  watchdog: {
    breaks: 'I1',
    about: 'nobody ends the agent of a runner that was killed alone',
    watchdog: false,
    plan: (plan) =>
      with_(plan, (machine) => (machine === 0 ? [{ at: 3 * minute, machine, is: 'kill-runner' }] : [])),
  },
  settle: {
    breaks: 'I2',
    about: 'proof is published without a word to the claim',
    settles: false,
    plan: longWork,
  },
  'once-per-run': {
    breaks: 'I3',
    about: 'every task counts as a run of its own',
    run: (run, nonce) => `${run}-${nonce()}`,
    plan: (plan) => {
      const long = longWork(plan);
      return { ...long, keys: long.keys.map((work) => ({ ...work, ends: ['fails', 'fails', 'ok'] })) };
    },
  },
  admission: {
    breaks: 'I4',
    about: 'everybody is let in, whatever is left of the budget',
    ignoresBudget: true,
    protocol: () => ({
      decideAdmit: (stored, ask) => ({
        do: 'write',
        body: {
          schemaVersion: 1,
          op: '',
          entries: [
            ...(stored?.entries ?? []).filter(
              ({ workKey, gen }) => workKey !== ask.workKey || gen !== ask.gen,
            ),
            {
              workKey: ask.workKey,
              gen: ask.gen,
              token: ask.token,
              reserved: ask.reserve,
              used: null,
              open: true,
            },
          ],
        },
        landed: { is: 'admitted', reserved: ask.reserve },
      }),
    }),
    plan: (plan) => ({ ...longWork(plan), budget: 1, places: 1 }),
  },
  'close-dead': {
    breaks: 'I5',
    about: 'nobody closes what dead holders have left open',
    protocol: () => ({ judgeEntry: () => ({ do: 'keep' }) }),
    plan: (plan) => {
      const killed = with_(plan, (machine) =>
        machine === 0 ? [{ at: 2 * minute, machine, is: 'kill-machine' }] : [],
      );
      return { ...killed, places: 1 };
    },
  },
  'read-back': {
    breaks: 'I6',
    about: 'nobody looks for an own write after a lost response',
    protocol: () => ({
      readsBack: false,
      decideAcquire(stored, ask) {
        if (stored?.holder?.token !== ask.holder.token) return decideAcquire(stored, ask);
        const { holder } = stored;
        // Waits for itself, and takes its own place in the end.
        const stranger = { ...ask, holder: { ...ask.holder, token: 'somebody else' } };
        const step = decideAcquire(stored, stranger);
        if (step.do === 'write') return { ...step, body: { ...step.body, holder: ask.holder } };
        return { do: 'stop', why: { is: 'waits', holder } };
      },
    }),
  },
  'digest-check': {
    breaks: 'I7',
    about: 'archives are believed as they come',
    believesBytes: true,
    plan: (plan) => with_(plan, () => [], { lostResponse: 0.3, cutShort: 1 }),
  },
  'checkpoint-is-no-proof': {
    breaks: 'I8',
    about: 'a checkpoint counts as finished work',
    believesCheckpoint: true,
    plan: (plan) =>
      with_(plan, (machine) => (machine === 0 ? [{ at: 7 * minute, machine, is: 'kill-machine' }] : [])),
  },
  'loser-serves-winner': {
    breaks: 'I9',
    about: 'who has lost a claim publishes its own result',
    loserPublishes: true,
    watchdog: false,
    plan: (plan) => ({
      ...with_(plan, (machine) =>
        machine === 0 ? [{ at: 14 * minute, machine, is: 'stop-runner', ms: 40 * minute }] : [],
      ),
    }),
  },
  'own-steady-clock': {
    breaks: 'I10',
    about: 'silence is counted by the wall clock',
    protocol: (machine) => ({
      observe: (seen, { tag }) =>
        seen !== null && seen.tag === tag ? seen : { tag, sinceMs: machine.moment().wallMs },
      isSilent: (seen, { deadMs }) => machine.moment().wallMs - seen.sinceMs >= deadMs,
    }),
    plan: (plan) => {
      const set = with_(plan, (machine) =>
        machine === 0 ? [] : [{ at: 4 * minute + 20_000, machine, is: 'set-clock', ms: 60 * minute }],
      );
      return { ...set, machines: set.machines.map((machine) => ({ ...machine, parallel: 2 })) };
    },
  },
  checkpoints: {
    breaks: 'I11',
    about: 'no checkpoint is taken',
    checkpoints: false,
    plan: (plan) =>
      with_(plan, (machine) => (machine === 0 ? [{ at: 12 * minute, machine, is: 'kill-machine' }] : [])),
  },
};
