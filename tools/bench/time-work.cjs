/**
 * Preloaded into every process of Node (`NODE_OPTIONS=--require`): where the wall time of a task of Nx goes. One line of JSON per
 * process goes to `<TIME_WORK>/times.jsonl` when it ends, all in milliseconds: `{ task, nx, loading, git, programs, flushes, rest }`.
 * `nx` is everything before the executor is loaded; the processes and the flushes of a task may overlap, and what overlaps is counted
 * once, for the first of git, programs and flushes.
 */
const childProcess = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');

const folder = process.env.TIME_WORK;
const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
// A task of an executor, or one that runs as a command.
const isTask =
  /run-executor\.js$/.test(process.argv[1] ?? '') ||
  process.execArgv.some((one) => one.includes('@nx-wave/plugin/task'));
if (folder !== undefined && isTask) time();

function time() {
  /** `[from, to]` of everything of a kind. */
  const spans = { git: [], programs: [], flushes: [] };
  const now = () => performance.now();
  let [loadingFrom, loadedAt] = [0, 0];
  const { _load: load } = Module;
  Module._load = function (request, ...others) {
    const isExecutor =
      loadingFrom === 0 &&
      /@nx-wave[\\/]plugin[\\/](dist[\\/]executors[\\/]|task$)|[\\/]empty[\\/]/.test(request);
    if (!isExecutor) return load.call(this, request, ...others);
    loadingFrom = now();
    try {
      return load.call(this, request, ...others);
    } finally {
      loadedAt = now();
    }
  };
  const { spawn, spawnSync } = childProcess;
  const kindOf = (file) => (file === 'git' ? 'git' : 'programs');
  childProcess.spawn = (file, ...others) => {
    const span = [now(), now()];
    spans[kindOf(file)].push(span);
    const child = spawn(file, ...others);
    child.once('close', () => (span[1] = now()));
    return child;
  };
  childProcess.spawnSync = (file, ...others) => {
    const from = now();
    const ended = spawnSync(file, ...others);
    spans[kindOf(file)].push([from, now()]);
    return ended;
  };
  for (const name of ['fsyncSync', 'fdatasyncSync']) {
    const real = fs[name];
    fs[name] = (...args) => {
      const from = now();
      real(...args);
      spans.flushes.push([from, now()]);
    };
  }
  const { open } = fs.promises;
  fs.promises.open = async (...args) => {
    const handle = await open(...args);
    for (const name of ['sync', 'datasync']) {
      const real = handle[name].bind(handle);
      handle[name] = async () => {
        const span = [now(), now()];
        spans.flushes.push(span);
        await real();
        span[1] = now();
      };
    }
    return handle;
  };
  Module.syncBuiltinESMExports();
  process.once('exit', () => {
    const end = now();
    const git = covered(spans.git);
    const both = covered([...spans.git, ...spans.programs]);
    const all = covered([...spans.git, ...spans.programs, ...spans.flushes]);
    const parts = {
      ...{ nx: loadingFrom, loading: loadedAt - loadingFrom },
      ...{ git, programs: both - git, flushes: all - both, rest: end - loadedAt - all },
    };
    fs.appendFileSync(
      `${folder}/times.jsonl`,
      `${JSON.stringify({ task: `${project}:${target}`, ...parts })}\n`,
    );
  });
}

/** How long at least one of some spans lasted. */
function covered(spans) {
  let [sum, until] = [0, 0];
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
