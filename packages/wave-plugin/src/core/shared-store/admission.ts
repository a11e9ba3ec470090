import type { Admission, AdmissionEntry, Amounts, Claim } from '@nx-wave/schemas';
import type { ChangeStep } from './change-step';

/**
 * The budget and the places of a wave, over all machines: one object, and one compare-and-swap takes place and money
 * together. An entry is named by work key, generation and token of its claim, so that taking or closing it twice changes nothing.
 */
export type AdmissionStep<T> = ChangeStep<Admission, T>;

export interface EntryId {
  workKey: string;
  gen: number;
  token: string;
}

/** What a wave may use altogether; null is without limit. `places`: programs at the same time, on all machines. */
export interface SharedLimits {
  budget: Amounts;
  places: number | null;
}

const dimensions = ['usd', 'tokens', 'minutes'] as const;
/** Where an agent has no cap of its own, it takes so much of the budget at a time. */
const stepShare = 0.05;
/** Sums of prices are not whole. */
const tolerance = 1e-9;

export const noAmounts: Amounts = { usd: null, tokens: null, minutes: null };

/** What a start reserves at first: the agent's cap, at most the whole budget; a step of it where it has none. */
export function firstReservation(caps: Amounts, budget: Amounts): Amounts {
  return mapAmounts((dimension) => {
    const whole = budget[dimension];
    if (whole === null) return null;
    const cap = caps[dimension];
    return cap === null ? whole * stepShare : Math.min(cap, whole);
  });
}

function mapAmounts(of: (dimension: (typeof dimensions)[number]) => number | null): Amounts {
  return { usd: of('usd'), tokens: of('tokens'), minutes: of('minutes') };
}

export type Admitted =
  | { is: 'admitted'; reserved: Amounts }
  | { is: 'waits'; open: AdmissionEntry[] }
  | { is: 'spent'; dimension: 'usd' | 'tokens' | 'minutes'; left: number; wanted: number }
  /** The entry of this generation was closed by somebody else: its holder counted as dead. */
  | { is: 'closed' };

export interface AdmitAsk extends EntryId {
  reserve: Amounts;
  limits: SharedLimits;
}

export function decideAdmit(stored: Admission | null, ask: AdmitAsk): AdmissionStep<Admitted> {
  const entries = stored?.entries ?? [];
  const own = entries.find(sameEntry(ask));
  if (own !== undefined)
    return own.open
      ? { do: 'done', landed: { is: 'admitted', reserved: own.reserved } }
      : { do: 'stop', why: { is: 'closed' } };
  const open = entries.filter((entry) => entry.open);
  const { places, budget } = ask.limits;
  const short = shortOf(entries, budget, ask.reserve);
  const isFull = places !== null && open.length >= places;
  if (isFull || short !== null) {
    if (open.length > 0 || short === null) return { do: 'stop', why: { is: 'waits', open } };
    return { do: 'stop', why: { is: 'spent', ...short } };
  }
  const { workKey, gen, token } = ask;
  const entry = { workKey, gen, token, reserved: ask.reserve, used: null, open: true };
  return {
    do: 'write',
    body: bodyOf(stored, [...entries, entry]),
    landed: { is: 'admitted', reserved: ask.reserve },
  };
}

const sameEntry =
  ({ workKey, gen, token }: EntryId) =>
  (entry: EntryId) =>
    entry.workKey === workKey && entry.gen === gen && entry.token === token;

function bodyOf(stored: Admission | null, entries: AdmissionEntry[]): Admission {
  return stored === null ? { schemaVersion: 1, op: '', entries } : { ...stored, entries };
}

/** What does not fit, or null. Open entries count with what they have reserved, and with what they use beyond it. */
function shortOf(
  entries: readonly AdmissionEntry[],
  budget: Amounts,
  wanted: Amounts,
): { dimension: 'usd' | 'tokens' | 'minutes'; left: number; wanted: number } | null {
  for (const dimension of dimensions) {
    const whole = budget[dimension];
    if (whole === null) continue;
    const want = wanted[dimension] ?? 0;
    const left = whole - takenOf(entries, dimension);
    if (want > left + tolerance * Math.max(1, whole) || left <= 0)
      return { dimension, left: Math.max(0, left), wanted: want };
  }
  return null;
}

function takenOf(entries: readonly AdmissionEntry[], dimension: (typeof dimensions)[number]): number {
  return entries.reduce((sum, { reserved, used, open }) => {
    const told = used?.[dimension] ?? null;
    const held = reserved[dimension] ?? 0;
    return sum + (open ? Math.max(held, told ?? 0) : (told ?? held));
  }, 0);
}

export interface RenewAsk extends EntryId {
  used: Amounts;
  /** What the entry is to reserve by then. */
  reserve: Amounts;
  limits: SharedLimits;
}

export type Renewed = { is: 'renewed'; reserved: Amounts } | { is: 'spent' } | { is: 'closed' };

/** More of the budget for a program that runs. What fits is taken, in each dimension for itself. */
export function decideRenew(stored: Admission | null, ask: RenewAsk): AdmissionStep<Renewed> {
  const own = stored?.entries.find(sameEntry(ask));
  if (stored === null || own === undefined || !own.open) return { do: 'stop', why: { is: 'closed' } };
  const others = stored.entries.filter((entry) => entry !== own);
  const reserved = mapAmounts((dimension) => {
    const whole = ask.limits.budget[dimension];
    const wanted = ask.reserve[dimension];
    const had = own.reserved[dimension];
    if (whole === null || wanted === null || had === null) return had;
    return Math.max(had, Math.min(wanted, whole - takenOf(others, dimension)));
  });
  if (dimensions.every((one) => (reserved[one] ?? 0) === (own.reserved[one] ?? 0)))
    return dimensions.some((one) => (ask.reserve[one] ?? 0) > (own.reserved[one] ?? 0))
      ? { do: 'stop', why: { is: 'spent' } }
      : { do: 'done', landed: { is: 'renewed', reserved } };
  const entry = { ...own, reserved, used: ask.used };
  return {
    do: 'write',
    body: bodyOf(stored, [...others, entry]),
    landed: { is: 'renewed', reserved },
  };
}

/** What a running program should have reserved, asked for before it needs it; null while what it has is enough. */
export function nextReservation(
  { used, reserved, largest }: { used: Amounts; reserved: Amounts; largest: Amounts },
  caps: Amounts,
  budget: Amounts,
): Amounts | null {
  let isMore = false;
  const wanted = mapAmounts((dimension) => {
    const whole = budget[dimension];
    const has = reserved[dimension];
    if (whole === null || has === null || caps[dimension] !== null) return has;
    const step = whole * stepShare;
    const told = used[dimension] ?? 0;
    // Two calls ahead: the answer may take as long as one of them.
    const ahead = Math.max(step / 2, 2 * (largest[dimension] ?? 0));
    if (told + ahead <= has) return has;
    isMore = true;
    return has + step * Math.max(1, Math.ceil((told + ahead - has) / step));
  });
  return isMore ? wanted : null;
}

/** Which dimension a program has used up of what it may use, or null. */
export function exceeded(used: Amounts, reserved: Amounts): 'usd' | 'tokens' | 'minutes' | null {
  return (
    dimensions.find((one) => {
      const has = reserved[one];
      return has !== null && (used[one] ?? 0) >= has - tolerance * Math.max(1, has);
    }) ?? null
  );
}

/** Charges what was used and gives the rest back; what nobody knows is charged whole. */
export function decideClose(
  stored: Admission | null,
  { used, ...id }: EntryId & { used: Amounts | null },
): AdmissionStep<{ is: 'closed' }> {
  const closed = { is: 'closed' } as const;
  const own = stored?.entries.find(sameEntry(id));
  if (stored === null || own === undefined || !own.open) return { do: 'done', landed: closed };
  const entries = stored.entries.map((entry) =>
    entry === own ? { ...own, used: chargeOf(own, used), open: false } : entry,
  );
  return { do: 'write', body: bodyOf(stored, merged(entries)), landed: closed };
}

function chargeOf({ reserved, used: told }: AdmissionEntry, used: Amounts | null): Amounts {
  return mapAmounts((dimension) => used?.[dimension] ?? told?.[dimension] ?? reserved[dimension]);
}

/** Closed entries of a work key become one, that of the last generation: a control object stays small. */
function merged(entries: readonly AdmissionEntry[]): AdmissionEntry[] {
  const kept = entries.filter(({ open }) => open);
  const closed = new Map<string, AdmissionEntry>();
  for (const entry of entries.filter(({ open }) => !open)) {
    const before = closed.get(entry.workKey);
    closed.set(entry.workKey, before === undefined ? entry : joined(before, entry));
  }
  return [...closed.values(), ...kept];
}

function joined(first: AdmissionEntry, second: AdmissionEntry): AdmissionEntry {
  const charge = mapAmounts((dimension) => {
    const both = [first, second].map(({ used, reserved }) => used?.[dimension] ?? reserved[dimension]);
    return both.every((one) => one === null) ? null : both.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  });
  return { ...second, gen: Math.max(first.gen, second.gen), reserved: charge, used: charge };
}

/** The claim of a live holder was made anew with another generation: its entry goes with it. */
export function decideMove(
  stored: Admission | null,
  { from, to, ...ask }: { from: number; to: number } & Omit<AdmitAsk, 'gen'>,
): AdmissionStep<Admitted> {
  const own = stored?.entries.find(sameEntry({ ...ask, gen: from }));
  if (stored === null || own === undefined || !own.open) return decideAdmit(stored, { ...ask, gen: to });
  const entries = stored.entries.map((entry) => (entry === own ? { ...own, gen: to } : entry));
  return {
    do: 'write',
    body: bodyOf(stored, entries),
    landed: { is: 'admitted', reserved: own.reserved },
  };
}

/**
 * What somebody who waits may do with another's open entry, by the claim as it is seen. A view that is out of date shows an
 * earlier generation, or this one still held: then nothing is done.
 */
export function judgeEntry(
  entry: EntryId,
  claim: Claim | null,
  { silent, dead }: { silent: boolean; dead: boolean },
): { do: 'keep' } | { do: 'expire' } | { do: 'close'; used: Amounts | null } {
  if (claim === null) return silent ? { do: 'expire' } : { do: 'keep' };
  const isOver = claim.gen > entry.gen || (claim.gen === entry.gen && claim.state !== 'held');
  if (isOver) {
    const start = claim.starts.find(({ gen }) => gen === entry.gen);
    return { do: 'close', used: start?.used ?? (start === undefined ? unused : null) };
  }
  // An earlier generation is a view that is out of date, or a claim that was deleted and made anew: that stands still.
  return silent || (claim.gen === entry.gen && dead) ? { do: 'expire' } : { do: 'keep' };
}

/** Let in, and never started. */
const unused: Amounts = { usd: 0, tokens: 0, minutes: 0 };
