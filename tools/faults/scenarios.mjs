/** The tasks of a launch, each with those that it waits for (by position), as the project graph has them. */
export const launch = [
  { door: 'agent', options: { agent: 'A1' } },
  { door: 'agent', options: { agent: 'A2' } },
  { door: 'gate', options: { stage: 'implementation' }, needs: [0, 1] },
  { door: 'prove', needs: [2] },
  { door: 'launch', needs: [3] },
];
const one = (door, options = {}) => [{ door, options }];
const decided = { by: 'Ada', reason: 'a trial' };
const retry = one('retry', { apply: true, ...decided });
const adopt = one('adopt', { agent: 'A2', patch: '../person.patch', ...decided });
const reopen = one('reopen', decided);
const prune = [{ door: 'prune', project: 'waves', options: { olderThan: 0 } }];
const land = (options = {}) => one('land', { by: 'Ada', ...options });

/** States of the workspace that trials begin in: how each is made from the one before. */
export const templates = {
  fresh: { from: null, commands: [] },
  /** A1 is proven, A2 was refused. */
  refused: { from: 'fresh', commands: [launch] },
  closed: { from: 'refused', commands: [launch] },
  landed: { from: 'closed', commands: [land()] },
  /** Nothing refers to what is stored: the state root is gone, as after a fresh clone of it. */
  forgotten: { from: 'closed', commands: [], removeStateRoot: true },
};

/**
 * What a trial disturbs. `operation` runs with the fault; `again` is what a person does then, at most `times` times until it
 * ends well, or until `settled` says so from its output. `close`: the wave has to close after that. `keeps`: no stored
 * proof may go. `exact`: no ledger entry (with its time and random id) is part of what is closed.
 */
export const scenarios = {
  launch: { template: 'fresh', operation: launch, again: launch, times: 4, close: false, exact: true },
  'launch, the retry': {
    template: 'refused',
    operation: launch,
    again: launch,
    times: 3,
    close: false,
    exact: true,
  },
  'retry --apply': { template: 'refused', operation: retry, again: retry, times: 2, close: true },
  adopt: { template: 'refused', operation: adopt, again: adopt, times: 2, close: true },
  land: landing(),
  'land --commit': landing({ commit: true }),
  'land --branch': landing({ branch: 'landed' }),
  prune: {
    template: 'forgotten',
    operation: prune,
    again: prune,
    times: 2,
    close: true,
    prunes: true,
    exact: true,
  },
  reopen: {
    template: 'landed',
    operation: reopen,
    again: reopen,
    times: 2,
    settled: /has not landed/,
    close: true,
  },
};

function landing(options = {}) {
  return {
    template: 'closed',
    operation: land(options),
    again: land(options),
    times: 2,
    // What has landed is not landed twice: the refusal is the good end of a landing that had been done.
    settled: /has landed already|There is a branch landed already/,
    close: false,
    lands: true,
    exact: true,
  };
}

export const scenarioNames = Object.keys(scenarios);
/** Those of the short form. */
export const shortScenarios = ['launch', 'adopt', 'land --commit'];
