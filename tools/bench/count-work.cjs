/**
 * Preloaded into every process of Node (`NODE_OPTIONS=--require`): counts what a task of Nx asks of the system, whatever
 * the time of day and the load. One line of JSON per process goes to `<COUNT_WORK>/counts.jsonl` when it ends:
 * `{ task, git, programs, fsyncs, modules, cpuMs, peakMb }`, `git` with the words of each call, `modules` as loaded at the end,
 * `cpuMs` of the process itself (that alone is a time, and not the same on a busy machine), `peakMb` its largest memory.
 */
const childProcess = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');

const folder = process.env.COUNT_WORK;
const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
// A task of an executor, or one that runs as a command.
const isTask =
  /run-executor\.js$/.test(process.argv[1] ?? '') ||
  process.execArgv.some((one) => one.includes('@nx-wave/plugin/task'));
if (folder !== undefined && isTask) count();

function count() {
  const seen = { task: `${project}:${target}`, git: [], programs: 0, fsyncs: 0 };
  const { spawn } = childProcess;
  childProcess.spawn = (file, args, options) => {
    if (file === 'git') seen.git.push((Array.isArray(args) ? args : []).join(' '));
    else seen.programs += 1;
    return spawn(file, args, options);
  };
  for (const name of ['fsync', 'fdatasync', 'fsyncSync', 'fdatasyncSync']) {
    const real = fs[name];
    fs[name] = (...args) => {
      seen.fsyncs += 1;
      return real(...args);
    };
  }
  const { open } = fs.promises;
  fs.promises.open = async (...args) => {
    const handle = await open(...args);
    for (const name of ['sync', 'datasync']) {
      const real = handle[name].bind(handle);
      handle[name] = () => {
        seen.fsyncs += 1;
        return real();
      };
    }
    return handle;
  };
  Module.syncBuiltinESMExports();
  process.once('exit', () => {
    const modules = Object.keys(require.cache).length;
    const { user, system } = process.cpuUsage();
    const cpuMs = Math.round((user + system) / 1000);
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    const line = JSON.stringify({ ...seen, modules, cpuMs, peakMb });
    fs.appendFileSync(`${folder}/counts.jsonl`, `${line}\n`);
  });
}
