import { execFileSync } from 'node:child_process';
import fs, { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  agentRuns,
  changedBytes,
  finalState,
  heldLeases,
  leftFolders,
  storedBytes,
  tornFiles,
} from './checks.mjs';
import lostWrites from './lost-writes.cjs';
import { endAll, processesOf, start, until } from './processes.mjs';
import { launch, scenarios, templates } from './scenarios.mjs';
import { createWorkspace, environmentOf, personsPatch, placesOf } from './workspace.mjs';
import world from './world.cjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * One place for trials, one after the other: the same folder is filled anew each time, so that no path is another one. `doors`
 * is the bundled code of the product.
 */
export function openBench(dir, doors) {
  const places = placesOf(join(dir, 'trial'));
  const templateOf = (name) => join(dir, 'templates', name);
  const references = new Map();
  const copies = join(dir, 'copies');
  const bytesOf = (digest) => readFileSync(join(copies, 'blobs', digest));
  /** Results by where a trial begins. */
  const tried = new Map();
  /** The code that commands run. */
  let code = doors;

  const command = (operation, fault = null, more = {}) =>
    start(
      [
        ...(fault === null ? [] : ['--require', here('count-effects.cjs')]),
        here('drive.cjs'),
        code,
        places.root,
        JSON.stringify(operation),
      ],
      {
        cwd: places.root,
        env: {
          ...environmentOf(places),
          ...more,
          ...(fault === null ? {} : { FAULT: JSON.stringify({ ...fault, dir: places.dir }) }),
        },
      },
    );
  const run = (operation, fault) => command(operation, fault).ended;

  function fill(name) {
    rmSync(places.dir, { recursive: true, force: true });
    execFileSync('cp', ['-a', templateOf(name), places.dir]);
  }

  async function makeTemplate(name) {
    if (existsSync(templateOf(name))) return;
    const { from, commands, removeStateRoot } = templates[name];
    if (from === null) createWorkspace(places);
    else {
      await makeTemplate(from);
      fill(from);
    }
    writeFileSync(join(places.dir, 'person.patch'), personsPatch);
    for (const operation of commands) await command(operation, null, { KEEP_COMPILED: '1' }).ended;
    if (removeStateRoot) rmSync(places.stateRoot, { recursive: true });
    // The snapshot of the last command belongs to a process that has ended: every trial would begin by sweeping it.
    rmSync(places.temp, { recursive: true });
    mkdirSync(places.temp);
    chmodSync(places.temp, 0o700);
    mkdirSync(join(dir, 'templates'), { recursive: true });
    execFileSync('cp', ['-a', places.dir, templateOf(name)]);
  }

  /**
   * The scenario without a fault: its effects in order, each with a copy of the folder as it is before it, what the scenario
   * leads to, and how often agents are started.
   */
  async function reference(name) {
    const known = references.get(name);
    if (known !== undefined) return known;
    await makeTemplate(scenarios[name].template);
    fill(scenarios[name].template);
    const before = agentRuns(places);
    const effects = await copyEffects(name);
    const ended = await finish(name);
    const made = {
      effects,
      losses: null,
      final: finalState(places, scenarios[name]),
      before,
      runs: agentRuns(places),
      problems: ended.problems,
    };
    references.set(name, made);
    return made;
  }

  async function copyEffects(name, more = {}) {
    await run(scenarios[name].operation, { kind: 'copies', copies, ...more });
    return JSON.parse(readFileSync(join(copies, 'effects.json'), 'utf8'));
  }

  /** Makes the copies that trials begin with: for losses of power those before the effects that are asked for. */
  async function prepare(trials) {
    for (const name of new Set(trials.map(({ scenario }) => scenario))) {
      const known = await reference(name);
      const only = trials
        .filter(({ scenario, fault, real }) => scenario === name && fault.kind === 'lost-before' && !real)
        .map(({ fault }) => fault.at);
      if (only.length === 0) continue;
      fill(scenarios[name].template);
      known.losses = await copyEffects(name, { lost: true, only });
    }
  }

  /** What a person does after the fault, to the end of the scenario. */
  async function finish(name) {
    const { again, times, settled, close } = scenarios[name];
    const problems = [];
    const outputs = [];
    let done = false;
    for (let time = 0; time < times && !done; time += 1) {
      const { code, output } = await run(again);
      outputs.push(output);
      done = code === 0 || settled?.test(output) === true;
      // One command is enough for what a dead one has left.
      if (time === 0) problems.push(...(await leftBehind()));
      if (/internal-error/.test(output)) problems.push(problem('defect', 'a command ended by a defect'));
    }
    if (!done) problems.push(problem('lost', 'the command does not end well again'));
    for (let time = 0; close && time < 3; time += 1) {
      const { code, output } = await run(launch);
      outputs.push(output);
      if (code === 0) break;
      if (time === 2) problems.push(problem('lost', 'the wave does not close again'));
    }
    return { problems, outputs };
  }

  async function leftBehind() {
    await until(() => processesOf(places.dir).length === 0, 60_000);
    return [
      ...processesOf(places.dir).map(({ command: text }) => problem('left', `a process is left: ${text}`)),
      ...heldLeases(places).map((path) => problem('left', `a lease is held: ${path}`)),
      ...leftFolders(places).map((path) => problem('left', `a folder is left: ${path}`)),
    ];
  }

  /**
   * Where nothing ran beside the process, being killed leaves its files behind and nothing else: such a trial begins with the
   * copy of the folder at that moment. Answers what it begins with, or null: then the process has to be killed.
   */
  function beginning({ effects, losses: lossy }, { kind, at }) {
    const effect = (kind === 'lost-before' ? lossy : effects)?.[at - 1];
    if (effect?.state === undefined) return null;
    const { state, steps, loss } = effect;
    if (kind === 'kill-before') return { state, fired: effect };
    if (kind === 'kill-half' && steps) return { state, steps, fired: effect };
    if (kind === 'lost-before' && loss) return { state, loss, fired: effect };
    return null;
  }

  function begin({ state, steps = [], loss }) {
    rmSync(places.dir, { recursive: true, force: true });
    world.restore(fs, { dir: places.dir, blobs: join(copies, 'blobs'), state });
    world.doSteps(
      fs,
      steps.map(({ digest, ...step }) => ({ ...step, bytes: digest && bytesOf(digest) })),
    );
    if (loss) lostWrites.loseInCopy(fs, { dir: places.dir, loss, bytesOf });
  }

  /**
   * One trial: `{ scenario, fault, besides }`. Answers `{ reached, label, how, problems, outputs }`; not reached is a fault whose
   * effect did not come. `besides`: the same command is started a second time while the first one is stopped. `how`: `disturbed`
   * (a real process), `copied` (from a copy), `same` (from the same bytes as a trial before it, whose outcome it has).
   * `real`: never from a copy.
   */
  async function trial(given) {
    const { scenario, fault, real = false } = given;
    const start = real ? null : beginning(await reference(scenario), fault);
    if (start === null) return disturbed(given);
    const { fired, ...bytes } = start;
    const key = JSON.stringify([scenario, fault.kind, fault.damage, bytes]);
    const known = tried.get(key);
    if (known !== undefined) return { ...known, label: fired.label, how: 'same', outputs: [] };
    begin(start);
    const result = { ...(await judge(given, fired, [])), how: 'copied' };
    tried.set(key, { ...result, outputs: [] });
    return result;
  }

  /** A trial of other code, as it is weakened by a negative control, against what the right one leads to. */
  async function trialOf(other, given) {
    await reference(given.scenario);
    code = other;
    try {
      return await disturbed(given);
    } finally {
      code = doors;
    }
  }

  async function disturbed(given) {
    const { scenario, fault, besides = false } = given;
    await reference(scenario);
    fill(scenarios[scenario].template);
    const outputs = [];
    const first = command(scenarios[scenario].operation, fault);
    if (fault.kind === 'stop') await goOn(first, besides ? scenarios[scenario].operation : null, outputs);
    const { output } = await first.ended;
    outputs.push(output);
    const fired = readFired();
    if (fired === null) return { reached: false };
    return { ...(await judge(given, fired, outputs)), how: 'disturbed' };
  }

  /** What a person does then, and what must hold. `outputs`: those of the disturbed commands. */
  async function judge({ scenario, fault }, fired, outputs) {
    const expected = await reference(scenario);
    const rules = scenarios[scenario];
    // With the power everything has ended; a killed runner leaves its agents alive.
    if (fault.kind.startsWith('lost')) endAll(processesOf(places.dir));
    const problems = outputs.some((output) => /internal-error/.test(output))
      ? [problem('defect', 'the disturbed command ended by a defect')]
      : [];
    const runsThen = agentRuns(places);
    const damaged = fault.damage === undefined ? null : damage(places, fault.damage);
    const before = storedBytes(places);
    const finished = await finish(scenario);
    outputs.push(...finished.outputs);
    problems.push(
      ...finished.problems,
      ...paidTwice({ expected, fault, fired, runsThen, runs: agentRuns(places) }),
      ...changedBytes(before, rules.prunes === true).map((text) => problem('lost', text)),
      ...tornFiles(places, damaged).map((text) => problem('torn', text)),
      ...differences(expected.final, finalState(places, rules)),
    );
    return { reached: true, label: fired.label, problems, outputs };
  }

  /** Wakes a stopped runner, after another one has been started beside it where the trial asks for that. */
  async function goOn(stopped, operation, outputs) {
    let over = false;
    void stopped.ended.then(() => (over = true));
    const asleep = () =>
      processesOf(places.dir).filter(
        ({ state, command: text }) => state === 'T' && text.includes('drive.cjs'),
      );
    await until(() => over || (readFired() !== null && asleep().length > 0));
    if (operation === null) {
      for (const { pid } of asleep()) process.kill(pid, 'SIGCONT');
      return;
    }
    const [runner] = asleep();
    const other = command(operation);
    let ended = false;
    void other.ended.then(() => (ended = true));
    // It waits for the one that is stopped, or needs nothing of it.
    await until(() => ended || /waiting:|under way/.test(other.output()));
    if (runner !== undefined) process.kill(runner.pid, 'SIGCONT');
    outputs.push((await other.ended).output);
  }

  const readFired = () => {
    try {
      return JSON.parse(readFileSync(join(places.dir, 'fired.json'), 'utf8'));
    } catch {
      return null;
    }
  };

  return { reference, prepare, trial, trialOf, dispose: () => rmSync(dir, { recursive: true, force: true }) };
}

/** `kind`: `lost`, `paid twice`, `torn`, `left` (something is left behind) or `defect`. */
export const problem = (kind, text) => ({ kind, text });

/**
 * Starts beyond those of the undisturbed scenario. An agent may be started again for a run that was cut off before its work
 * was there: one that never said that it is done, or, when the power went, one whose work had not been collected.
 */
function paidTwice({ expected, fault, fired, runsThen, runs }) {
  return Object.entries(runs).flatMap(([id, { start: starts, done }]) => {
    const collected = (fired.collected ?? []).filter((path) => path.includes(`/${id}/`)).length;
    // What a person did is collected too, and nobody was started for it.
    const cutOff = fault.kind.startsWith('lost')
      ? Math.max(0, runsThen[id].start - expected.before[id].start - collected)
      : starts - done;
    const more = starts - expected.runs[id].start - cutOff;
    return more > 0
      ? [problem('paid twice', `${id} was started ${starts} times, ${cutOff} of them cut off`)]
      : [];
  });
}

/** What is not as the undisturbed run has left it. */
export function differences(expected, actual) {
  return Object.keys(expected)
    .filter((key) => JSON.stringify(expected[key]) !== JSON.stringify(actual[key]))
    .map((key) =>
      problem(
        'lost',
        `${key} is not that of the undisturbed run:\n  ${JSON.stringify(expected[key])}\n  ${JSON.stringify(actual[key])}`,
      ),
    );
}

/** One byte of one stored file becomes another one. `at` chooses the file; gives its path, null where there is none. */
function damage(places, at) {
  const files = [...storedBytes(places).keys()].filter((path) => path.includes('/proofs/'));
  if (files.length === 0) return null;
  const path = files[at % files.length];
  const bytes = readFileSync(path);
  if (bytes.length === 0) return null;
  bytes[bytes.length >> 1] ^= 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  return path;
}
