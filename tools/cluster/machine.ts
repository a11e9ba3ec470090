import type { Moment } from '../../packages/wave-plugin/src/core/shared-store/silence';
import type { World } from './world';

/** A machine with clocks of its own. While it is suspended nothing on it runs; its steady clock may stop with it. */
export interface Machine {
  name: string;
  /** Which variant of the base is checked out there: proof may hold on one and not on another. */
  base: number;
  isAlive: boolean;
  moment(): Moment;
  /** The wall clock jumps, as when it is set. */
  setWall(byMs: number): void;
  suspend(forMs: number, steadyStops: boolean): void;
  kill(): void;
  start(name: string): Process;
  /** From and to, in true time, of every time that it was suspended. */
  pauses: { from: number; to: number }[];
}

export interface Process {
  name: string;
  machine: Machine;
  isAlive: boolean;
  /** When it ended, in true time. */
  endedAt: number | null;
  pauses: { from: number; to: number }[];
  kill(): void;
  /** SIGSTOP, and SIGCONT later. */
  stop(forMs: number): void;
  /** Does this as soon as the process runs: at once, or when it is woken up. Never where it has ended. */
  deliver(what: () => void): void;
  /** Resolves after `ms` of the machine's steady clock; a signal ends it early. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  onEnd(what: () => void): void;
}

export interface MachineSettings {
  name: string;
  base: number;
  skewMs: number;
  uptimeMs: number;
}

export function createMachine(world: World, settings: MachineSettings): Machine {
  const processes: Process[] = [];
  const parked: (() => void)[] = [];
  let wall = settings.skewMs;
  let steadyLost = -settings.uptimeMs;
  let isAwake = true;
  const machine: Machine = {
    name: settings.name,
    base: settings.base,
    isAlive: true,
    pauses: [],
    moment: () => ({ wallMs: world.now() + wall, steadyMs: steady() }),
    setWall(byMs) {
      wall += byMs;
    },
    suspend(forMs, steadyStops) {
      if (!isAwake || !machine.isAlive) return;
      isAwake = false;
      machine.pauses.push({ from: world.now(), to: world.now() + forMs });
      world.at(world.now() + forMs, () => {
        if (steadyStops) steadyLost += forMs;
        isAwake = true;
        for (const what of parked.splice(0)) what();
      });
    },
    kill() {
      for (const process of [...processes]) process.kill();
      machine.isAlive = false;
    },
    start(name) {
      const process = createProcess(name);
      processes.push(process);
      return process;
    },
  };
  return machine;

  function steady(): number {
    return world.now() - steadyLost;
  }

  function createProcess(name: string): Process {
    const waiting: (() => void)[] = [];
    const endings: (() => void)[] = [];
    let isStopped = false;
    const process: Process = {
      name,
      machine,
      isAlive: machine.isAlive,
      endedAt: null,
      pauses: [],
      kill() {
        if (!process.isAlive) return;
        process.isAlive = false;
        process.endedAt = world.now();
        for (const what of endings) what();
      },
      stop(forMs) {
        if (isStopped || !process.isAlive) return;
        isStopped = true;
        process.pauses.push({ from: world.now(), to: world.now() + forMs });
        world.at(world.now() + forMs, () => {
          isStopped = false;
          for (const what of waiting.splice(0)) process.deliver(what);
        });
      },
      deliver(what) {
        if (!process.isAlive) return;
        if (!isAwake) parked.push(() => process.deliver(what));
        else if (isStopped) waiting.push(what);
        else what();
      },
      sleep(ms, signal) {
        return new Promise((resolve) => {
          const until = steady() + Math.max(0, ms);
          const aborted = () => process.deliver(end);
          const end = (): void => {
            signal?.removeEventListener('abort', aborted);
            resolve();
          };
          const look = (): void => {
            if (steady() >= until) end();
            else world.at(world.now() + (until - steady()), () => process.deliver(look));
          };
          if (signal?.aborted === true) return resolve();
          signal?.addEventListener('abort', aborted, { once: true });
          world.at(world.now() + Math.max(0, ms), () => process.deliver(look));
        });
      },
      onEnd(what) {
        if (process.isAlive) endings.push(what);
        else what();
      },
    };
    return process;
  }
}
