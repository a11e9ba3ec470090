import { randomUUID } from 'node:crypto';
import * as fs from '../files/at-once';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { err, failure, ok, type Result, lazily } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { describeWriteError, errorCode } from '../files/io-errors';
import { readText } from '../files/read-file';
import { currentOwner, livenessOf, type Owner } from './owner';

interface Generation {
  owner: Owner;
  /** Value of WAVE_RUN_MARKER in the environment of everything that this owner starts. */
  marker: string;
  released: boolean;
}

export interface Lease {
  marker: string;
  release(): Promise<void>;
}

export interface LeaseRequest {
  /** Folder of the generations of one work key. */
  folder: string;
  signal: AbortSignal;
  /** Called once, before waiting for a living owner. */
  onWait(owner: Owner): void;
  /** Ends processes that a dead owner left behind, before its work is taken over. */
  onTakeover(marker: string): Promise<unknown>;
  pollMs?: number;
  /** Marker of a lease that the same run holds already; a new one where absent. */
  marker?: string;
}

const generationSchema: z.ZodType<Generation> = lazily(() =>
  z.object({
    owner: z.object({
      pid: z.int().positive(),
      startTime: z.string(),
      bootId: z.string(),
      host: z.string(),
      pidSpace: z.string(),
    }),
    marker: z.string(),
    released: z.boolean(),
  }),
);

const generationName = /^g(\d+)$/;

async function newest(folder: string): Promise<{ number: number; value: Generation | null }> {
  const numbers = (await fs.readdir(folder))
    .map((name) => generationName.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number);
  if (numbers.length === 0) return { number: 0, value: null };
  const number = Math.max(...numbers);
  const text = await readText(join(folder, `g${number}`));
  return { number, value: parseGeneration(text) };
}

/** Null for a file that a crash of the machine has cut short, or that nobody of ours wrote: no living process stands behind it. */
function parseGeneration(text: string | null): Generation | null {
  try {
    const parsed = generationSchema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Creates generation `number` with its whole content at once; false when someone else was first. */
async function claim(folder: string, number: number, value: Generation): Promise<boolean> {
  const draft = join(folder, `.draft-${process.pid}-${randomUUID()}`);
  await fs.writeFile(draft, JSON.stringify(value));
  try {
    await fs.link(draft, join(folder, `g${number}`));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.rm(draft, { force: true }).catch(() => undefined);
  }
}

/**
 * Never fails: what was done under a lease is done. On a full disk a file without content still finds its place, and is
 * free to everyone; where nothing can be written, the lease is free when this process has ended.
 */
async function giveBack(folder: string, number: number, value: Generation): Promise<void> {
  try {
    await claim(folder, number, value);
  } catch {
    await fs.writeFile(join(folder, `g${number}`), '', { flag: 'wx' }).catch(() => undefined);
  }
}

/** What one try gives: the lease, or the living owner who has it, or null where someone else was quicker just now. */
async function tryLease(
  folder: string,
  onTakeover: (marker: string) => Promise<unknown>,
  marker: string = randomUUID(),
): Promise<{ lease: Lease } | { heldBy: Owner } | null> {
  const owner = currentOwner();
  const { number, value } = await newest(folder);
  const free = value === null || value.released || livenessOf(value.owner, owner) === 'dead';
  if (!free) return { heldBy: value.owner };
  // Before the claim: whoever claims and dies at once must not leave the orphans of the one before alive.
  if (value !== null && !value.released) await onTakeover(value.marker);
  if (!(await claim(folder, number + 1, { owner, marker, released: false }))) return null;
  const release = () => giveBack(folder, number + 2, { owner, marker, released: true });
  return { lease: { marker, release } };
}

/** Whether somebody who may be alive has the lease; nothing is taken, made or ended. */
export async function isLeaseHeld(folder: string): Promise<boolean> {
  try {
    const { value } = await newest(folder);
    return value !== null && !value.released && livenessOf(value.owner, currentOwner()) !== 'dead';
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

/**
 * One runner per work key across processes and worktrees. Ownership is a chain of generation files that are only ever
 * added with `link()`: no file is deleted or rewritten, so there is no window in which two can win. There is no clock:
 * a dead owner is replaced at once, a living one is never robbed, however long it takes.
 */
export async function acquireLease(request: LeaseRequest): Promise<Result<Lease>> {
  const { folder } = request;
  let waited = false;
  try {
    await fs.mkdir(folder, { recursive: true });
    for (;;) {
      if (request.signal.aborted) return err(cancelled());
      const tried = await tryLease(folder, request.onTakeover, request.marker);
      if (tried === null) continue;
      if ('lease' in tried) return ok(tried.lease);
      if (!waited) request.onWait(tried.heldBy);
      waited = true;
      await delay(request.pollMs ?? 200);
    }
  } catch (error) {
    return err(describeWriteError(folder, error));
  }
}

/** The lease if nobody living holds it, else null: for what can wait for another time. */
export async function tryAcquireLease(
  folder: string,
  onTakeover: (marker: string) => Promise<unknown>,
): Promise<Result<Lease | null>> {
  try {
    await fs.mkdir(folder, { recursive: true });
    const tried = await tryLease(folder, onTakeover);
    return ok(tried !== null && 'lease' in tried ? tried.lease : null);
  } catch (error) {
    return err(describeWriteError(folder, error));
  }
}

export interface SlotRequest {
  /** Folder of all slots of one kind. */
  folder: string;
  count: number;
  /** Number of the place to try first; 0 where absent. */
  first?: number;
  signal: AbortSignal;
  /** Called once, when every slot is taken. */
  onWait(): void;
  pollMs?: number;
}

/** A place that is held, by number. */
export interface Slot extends Lease {
  slot: number;
}

/** One of `count` places on this machine, by the same rules: a dead holder's place is free at once. */
export async function acquireSlot(request: SlotRequest): Promise<Result<Slot>> {
  let waited = false;
  try {
    for (;;) {
      for (let at = 0; at < request.count; at += 1) {
        if (request.signal.aborted) return err(cancelled());
        const slot = ((request.first ?? 0) + at) % request.count;
        const folder = join(request.folder, String(slot));
        await fs.mkdir(folder, { recursive: true });
        const tried = await tryLease(folder, async () => undefined);
        if (tried !== null && 'lease' in tried) return ok({ ...tried.lease, slot });
      }
      if (!waited) request.onWait();
      waited = true;
      await delay(request.pollMs ?? 500);
    }
  } catch (error) {
    return err(describeWriteError(request.folder, error));
  }
}

function cancelled() {
  return failure('agent-cancelled', 'Cancelled while waiting for another run.');
}
