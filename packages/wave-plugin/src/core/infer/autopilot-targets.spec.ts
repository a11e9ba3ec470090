// About targets.ts and lane-project.ts: what an autopilot is for Nx.
import { buildWave } from '../../testing/resolved';
import { implementer, steward } from '../../testing/stewards';
import type { WaveSettings } from '../model';
import { inferLanes } from './lane-project';
import { inferTargets } from './targets';

const targetsOf = (settings: Partial<WaveSettings>) =>
  inferTargets(buildWave([implementer('A1'), steward('cont-qa')], settings), {
    root: 'w',
    targetPrefix: '',
    ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
    shadowed: [],
    ultracache: false,
  }).targets;
const wave = targetsOf({});
const lane = inferLanes(
  {},
  [
    {
      ...{
        project: 'wave-1',
        waveNumber: 1,
        lane: 'main',
        projectId: null,
        stateRoot: '.tmp',
        stateRoots: ['.tmp'],
      },
      ...{ launcherDir: '.tmp/main-wave-launcher', path: 'docs/plans/waves/wave-1.md', ledgerDir: 'l' },
    },
  ],
  { targetPrefix: '', include: [] },
)[0]?.project.targets;
const own = ['autopilot', 'submit', 'wait', 'attach'];

describe('the targets of an autopilot', () => {
  it.each(own)('%s is never cached, depends on nothing and hashes nothing', (target) => {
    for (const targets of [wave, lane ?? {}]) {
      expect(targets[target]).toMatchObject({ cache: false, inputs: [] });
      expect(targets[target]?.dependsOn).toBeUndefined();
    }
  });

  it('are in the way of no other target: none depends on them', () => {
    const all = [...Object.values(wave), ...Object.values(lane ?? {})];
    const named = all.flatMap(({ dependsOn = [] }) => dependsOn.map(({ target }) => target));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((target) => own.includes(target))).toEqual([]);
  });
});

describe('a limit', () => {
  it('and whatever else holds or tells of an autopilot changes no target of a wave, and so no hash', () => {
    const limited = targetsOf({
      budget: { usd: 3, tokens: 1000, minutes: 7 },
      maxUsd: 5,
      people: {
        ...{ answers: 'Ada', escalateMinutes: 1, escalateTo: 'Grace' },
        ...{ rerouteMinutes: 2, rerouteTo: 'Alan', deadlineMinutes: 3 },
      },
      notify: { command: ['tell'], webhook: '$HOOK', on: ['closed'], env: ['TOKEN'] },
      autopilot: { repairs: 9, waitMinutes: 60, land: 'commit' },
    });
    expect(limited).toEqual(wave);
  });
});
