/**
 * Preloaded into a process of the engine (`node --require`): numbers everything that the process does to the outside, from
 * one up, and does at effect `at` what the trial asks for. It knows Node's functions and nothing of the product.
 *
 * `FAULT` in the environment, as JSON: `{ dir, kind, at, place?, code?, copies?, only?, lost? }`.
 * - `dir`: folder of the trial; where the fault happened is written to `<dir>/fired.json`.
 * - `kind`: `none`, `copies`; `kill-before`, `kill-half`, `kill-after`; `lost-before`, `lost-after` (killed, and what was not flushed
 *   is gone); `error-once`, `error-on` (from there to the end) with `code`; `signal`, `signal-twice` with `code`; `stop`
 *   (the process stops, and a day has passed when it goes on).
 * - `place`: count only effects there: `store`, `state root`, `temp folder`, `repository`, `programs`. Errors count those
 *   effects alone that can have them.
 * - `tasks`: targets of Nx: only in the processes of these tasks, and a kill ends Nx and
 *   the whole group of processes.
 * - `labels`: the labels of all effects are written to `<labels>-<target>.json` at the end.
 * - `copies`: folder for copies: the process goes on to its end, and before each effect (of those in `only`, where it is there)
 *   the folder of the trial is copied, with `lost` also what a crash would take from it. `effects.json` there is then the list
 *   of all effects, as `{ name, label, place, half, collected, state, steps, loss }`. No `state`: a program was running at that
 *   moment, and would live on when this process is killed.
 */
const childProcess = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { createLostWrites } = require('./lost-writes.cjs');
const { placeOf, labelOf, canFail } = require('./labels.cjs');
const { createCopier, doSteps } = require('./world.cjs');

const asked = JSON.parse(process.env.FAULT ?? '{"kind":"none"}');
const isAsked = asked.tasks === undefined || asked.tasks.includes(process.env.NX_TASK_TARGET_TARGET);
/** Processes of Nx that run no task of those have no fault and hand it on. */
const fault = isAsked ? asked : { kind: 'none' };
if (isAsked) {
  delete process.env.FAULT;
  if (asked.tasks !== undefined) delete process.env.NODE_OPTIONS;
}
/** The functions as Node has them. */
const real = { ...fs, promises: { ...fs.promises } };
// What removes folders is loaded late and takes the functions as it finds them.
fs.rmSync('/there/is/no/such/folder', { recursive: true, force: true });
const lost = fault.kind.startsWith('lost') || fault.lost ? createLostWrites(real, fault) : null;
const copier =
  fault.copies === undefined ? null : createCopier(real, { dir: fault.dir, blobs: `${fault.copies}/blobs` });
const only = fault.only === undefined ? null : new Set(fault.only);
const trace = [];
const children = new Set();
/** Folders of collected work, once something was done with them: whatever happens now, nobody may be paid for it again. */
const collected = [];
const justCollected = [];
let count = 0;
/** Whether a function of Node is at work: what it calls of the others is part of the same effect. */
let nested = false;

function alone(work) {
  const before = nested;
  nested = true;
  try {
    return work();
  } finally {
    nested = before;
  }
}

/**
 * One effect, about to happen. `half` answers the steps of a part of it, or does it (a program). Answers what is to happen
 * when it has happened.
 */
function begin(name, paths, half) {
  if (nested) return () => undefined;
  const place = placeOf(fault.dir, paths);
  if (fault.place !== undefined && fault.place !== place) return () => undefined;
  if (fault.kind.startsWith('error') && !canFail(fault.code, name)) return () => undefined;
  count += 1;
  const label = labelOf(fault.dir, name, paths);
  if (fault.labels !== undefined) trace.push(label);
  if (copier !== null) trace.push({ name, label, place, half: half !== null, ...copy(half) });
  const now = count === fault.at;
  if (fault.kind === 'error-on' ? count >= fault.at : fault.kind === 'error-once' && now) {
    if (now) fired(label);
    throw Object.assign(new Error(`${fault.code}: a fault of the trial, ${name} '${paths[0]}'`), {
      code: fault.code,
      syscall: name,
      path: paths[0],
    });
  }
  if (!now) return () => undefined;
  if (fault.kind === 'kill-before' || fault.kind === 'lost-before') die(label);
  if (fault.kind === 'kill-half' && half !== null) {
    alone(() => doSteps(real, half() ?? []));
    die(label);
  }
  if (fault.kind === 'stop') stop(label);
  if (fault.kind.startsWith('signal')) {
    fired(label);
    process.kill(process.pid, fault.code);
    if (fault.kind === 'signal-twice') process.kill(process.pid, fault.code);
  }
  return () => (/-(half|after)$/.test(fault.kind) ? die(label) : undefined);
}

/** The folder as it is before this effect, and what half of the effect would do to it. */
function copy(half) {
  if (children.size > 0 || (only !== null && !only.has(count))) return {};
  return alone(() => {
    const { state, inodes } = copier.take();
    const nameOf = (inode) => inodes.get(BigInt(inode));
    return {
      state,
      collected: [...collected],
      steps: half === null || half.starts ? null : stepsInCopy(half(), nameOf),
      loss: lost === null ? null : lost.loss(nameOf, copier.keep),
    };
  });
}

/** Bytes by their digest, and an open file by the name that it has. */
function stepsInCopy(steps, nameOf) {
  const named = steps.map(({ fd, bytes, ...step }) => {
    const name = fd === undefined ? undefined : nameOf(real.fstatSync(fd).ino);
    if (fd !== undefined && name === undefined) return null;
    return {
      ...step,
      ...(name === undefined ? {} : { path: `${fault.dir}/${name}` }),
      ...(bytes === undefined ? {} : { digest: copier.keep(bytes) }),
    };
  });
  return named.includes(null) ? null : named;
}

function fired(label) {
  const text = JSON.stringify({ label, collected });
  alone(() => real.writeFileSync(`${fault.dir}/fired.json`, text));
}

/** The process ends here, and with the power everything that it has started. */
function die(label) {
  fired(label);
  if (lost !== null) {
    for (const pid of children) endGroup(pid);
    alone(() => lost.crash());
  }
  if (fault.tasks === undefined) process.kill(process.pid, 'SIGKILL');
  // A task that runs as a command leads a group of its own: Nx goes first, with whoever is in its group.
  endGroup(process.ppid);
  process.kill(0, 'SIGKILL');
}

function endGroup(pid) {
  for (const target of [-pid, pid])
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended, or leads no group.
    }
}

/** A laptop that is closed and opened the next day: steady clocks stand still meanwhile, the time of day does not. */
function stop(label) {
  const { now } = Date;
  fired(label);
  process.kill(process.pid, 'SIGSTOP');
  Date.now = () => now() + 86_400_000;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [target.now()] : args),
  });
}

const pathText = (path) => (path instanceof URL ? path.pathname : String(path));
const writes = (flags) =>
  typeof flags === 'number'
    ? (flags & 3) !== 0 || (flags & real.constants.O_CREAT) !== 0
    : /[wa+]/.test(flags ?? 'r');
const halfOf = (data) => {
  const bytes =
    typeof data === 'string'
      ? Buffer.from(data)
      : Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);
  return bytes.subarray(0, bytes.length / 2);
};
/** Descriptors that were opened for writing, or on a folder, and their paths. */
const opened = new Map();

/**
 * What a function does to which paths, how to do half of it, and what of it a crash can undo. `callback`: also met in that
 * form (others are made of one another there).
 */
const onePath = (note) => ({ paths: ([path]) => [path], note });
const twoPaths = (note) => ({ paths: ([from, to]) => [to, from], note });
const content = {
  paths: ([path]) => [path],
  half: ([path, data, options], name) => [
    {
      kind: name.startsWith('append') ? 'append' : 'write',
      path: pathText(path),
      bytes: halfOf(data),
      mode: options?.mode,
    },
  ],
  note: 'content',
};
const effects = {
  appendFile: content,
  writeFile: content,
  copyFile: {
    ...twoPaths('content'),
    half: ([from, to]) => [{ kind: 'write', path: pathText(to), bytes: halfOf(real.readFileSync(from)) }],
  },
  mkdir: onePath('mkdir'),
  mkdtemp: onePath(null),
  rename: { ...twoPaths('rename'), callback: true },
  link: twoPaths('create'),
  symlink: twoPaths('create'),
  rm: { ...onePath('remove'), half: ([path]) => stepsToHalf(pathText(path)) },
  unlink: { ...onePath('remove'), callback: true },
  rmdir: onePath('remove'),
  chmod: { ...onePath(null), callback: true },
  utimes: onePath(null),
  truncate: onePath('content'),
};

function stepsToHalf(path) {
  const names = real.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? real.readdirSync(path) : [];
  return names
    .slice(0, Math.ceil(names.length / 2))
    .map((name) => ({ kind: 'remove', path: `${path}/${name}` }));
}

/** Before an effect on names or content is done: what a crash needs to undo it. Answers what to note afterwards. */
function prepare({ note }, args, paths) {
  if (lost === null || note === null || nested) return () => undefined;
  return alone(() => lost.before(note, paths, args));
}

/** `atOnce`: the function that is done when it returns, which forgets to flush where it writes a text. */
function beginCall(name, args, { atOnce = false } = {}) {
  const effect = effects[name];
  const paths = effect.paths(args).map(pathText);
  const half = effect.half === undefined ? null : () => effect.half(args, name);
  const done = begin(name, paths, half);
  const noted = prepare(effect, args, paths);
  const flushes = args[2]?.flush === true && !(atOnce && typeof args[1] === 'string');
  return () => {
    alone(noted);
    // What the call has done beside its effect.
    if (flushes) alone(() => lost?.flushedPath(paths[0]));
    if (name === 'rename' && paths[0].endsWith('/collected')) justCollected.push(paths[0]);
    done();
  };
}

for (const [name, effect] of Object.entries(effects)) {
  fs.promises[name] = async (...args) => {
    const done = beginCall(name, args);
    const value = await real.promises[name](...args);
    done();
    return value;
  };
  fs[`${name}Sync`] = (...args) => {
    const done = beginCall(name, args, { atOnce: true });
    const value = alone(() => real[`${name}Sync`](...args));
    done();
    return value;
  };
  if (!effect.callback) continue;
  fs[name] = (...args) => {
    const callback = args.pop();
    let done;
    try {
      done = beginCall(name, args);
    } catch (error) {
      process.nextTick(callback, error);
      return;
    }
    real[name](...args, (error, ...rest) => {
      if (!error) done();
      callback(error, ...rest);
    });
  };
}

/** Opening for writing makes or empties a file: an effect; opening anything else is none. */
function beginOpen([path, flags]) {
  if (!writes(flags)) return () => undefined;
  const done = begin('open', [pathText(path)], null);
  const noted = prepare({ note: 'content' }, [], [pathText(path)]);
  return () => {
    alone(noted);
    done();
  };
}

fs.openSync = (...args) => {
  const done = beginOpen(args);
  const fd = alone(() => real.openSync(...args));
  opened.set(fd, pathText(args[0]));
  done();
  return fd;
};
fs.open = (...args) => {
  const callback = args.pop();
  let done;
  try {
    done = beginOpen(args);
  } catch (error) {
    process.nextTick(callback, error);
    return;
  }
  real.open(...args, (error, fd) => {
    if (!error) {
      opened.set(fd, pathText(args[0]));
      done();
    }
    callback(error, fd);
  });
};
fs.promises.open = async (...args) => {
  const done = beginOpen(args);
  const handle = await real.promises.open(...args);
  wrapHandle(handle, pathText(args[0]));
  done();
  return handle;
};

/** Effects on an open file, by name: `write` and `fsync`, however they are called. */
function beginOnFile(name, { path, fd }, data) {
  const half =
    name === 'write' && (typeof data === 'string' || ArrayBuffer.isView(data))
      ? () => [{ kind: 'append', path, fd, bytes: halfOf(data) }]
      : null;
  const done = begin(name, [path], half);
  if (name === 'write') alone(prepare({ note: 'content' }, [], [path]));
  return () => {
    if (name === 'fsync') alone(() => lost?.flushedPath(path));
    done();
  };
}

const onFile = { write: 'write', writev: 'write', fsync: 'fsync', fdatasync: 'fsync', ftruncate: 'write' };
for (const [name, kind] of Object.entries(onFile)) {
  fs[`${name}Sync`] = (fd, ...args) => {
    const path = opened.get(fd);
    if (path === undefined) return real[`${name}Sync`](fd, ...args);
    const done = beginOnFile(kind, { path, fd }, args[0]);
    const value = real[`${name}Sync`](fd, ...args);
    done();
    return value;
  };
  fs[name] = (fd, ...args) => {
    const path = opened.get(fd);
    if (path === undefined) return real[name](fd, ...args);
    const callback = args.pop();
    let done;
    try {
      done = beginOnFile(kind, { path, fd }, args[0]);
    } catch (error) {
      return process.nextTick(callback, error);
    }
    return real[name](fd, ...args, (error, ...rest) => {
      if (!error) done();
      callback(error, ...rest);
    });
  };
}
fs.closeSync = (fd) => {
  opened.delete(fd);
  return real.closeSync(fd);
};
fs.close = (fd, ...args) => {
  opened.delete(fd);
  return real.close(fd, ...args);
};

const onHandle = {
  write: 'write',
  writeFile: 'write',
  appendFile: 'write',
  truncate: 'write',
  sync: 'fsync',
  datasync: 'fsync',
};
function wrapHandle(handle, path) {
  for (const [name, kind] of Object.entries(onHandle)) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => {
      const done = beginOnFile(kind, { path, fd: handle.fd }, args[0]);
      const value = await original(...args);
      done();
      return value;
    };
  }
}

/** Every program that is started is an effect; half of it is that it runs while this process ends, all of it its end. */
const { spawn } = childProcess;
childProcess.spawn = (file, args, options) => {
  const words = Array.isArray(args) ? args : [];
  const verb = words.find((one, at) => !one.startsWith('-') && words[at - 1] !== '-c');
  let child;
  const start = () => {
    child = spawn(file, args, options);
    if (child.pid === undefined) return;
    children.add(child.pid);
    child.once('exit', () => children.delete(child.pid));
  };
  let done;
  try {
    done = begin(
      `start ${file === 'git' ? `git ${verb}` : 'a program'}`,
      [],
      Object.assign(start, { starts: true }),
    );
  } catch {
    return failedStart(options);
  }
  collected.push(...justCollected.splice(0));
  start();
  child.once('exit', done);
  return child;
};

/** Node tells by an event what it cannot start. */
function failedStart(options) {
  const child = spawn('/there/is/no/such/program', [], options);
  const { emit } = child;
  child.emit = (event, ...rest) => {
    if (event === 'error') Object.assign(rest[0], { code: fault.code });
    return emit.call(child, event, ...rest);
  };
  return child;
}

syncBuiltinESMExports();
if (fault.labels !== undefined)
  process.once('exit', () =>
    alone(() =>
      real.writeFileSync(`${fault.labels}-${process.env.NX_TASK_TARGET_TARGET}.json`, JSON.stringify(trace)),
    ),
  );
if (copier !== null)
  process.once('exit', () =>
    alone(() => real.writeFileSync(`${fault.copies}/effects.json`, JSON.stringify(trace))),
  );
