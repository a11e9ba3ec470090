/**
 * Where work was made, as this repository sees it. `this-machine`: by a runner of this repository. `shared-store`: it came from
 * the store of the configuration. `nx-cache`: Nx restored it, from a local or a remote cache. `elsewhere`: made by somebody
 * else, and noted before it was told by whom.
 */
export const proofOrigins = ['this-machine', 'shared-store', 'nx-cache', 'elsewhere'] as const;

export type ProofOrigin = (typeof proofOrigins)[number];

/** Where a proof comes from: told to people, part of no key, digest or record of a closing. */
export interface ProofSource {
  /** Where the work was made. */
  origin: ProofOrigin;
  /** Whether a runner of this repository has seen it hold: its own work, or work that it has verified again. */
  provedHere: boolean;
}

/** The source of the proof that a unit of a wave rests on. */
export interface UnitSource extends ProofSource {
  unitId: string;
}

const words: Record<ProofOrigin, string> = {
  'this-machine': 'this machine',
  'shared-store': 'shared store',
  'nx-cache': 'Nx cache',
  elsewhere: 'elsewhere',
};

/** `this machine`, `shared store`, `Nx cache, proved here`. */
export function describeSource({ origin, provedHere }: ProofSource): string {
  return `${words[origin]}${origin !== 'this-machine' && provedHere ? ', proved here' : ''}`;
}

/** What the mark beside a bundle from elsewhere holds. */
export const originMark = (origin: ProofOrigin) => `${origin}\n`;

/** Whose mark it is; a mark that says nothing, or anything unknown, is of somebody else all the same. Null: there is none. */
export function originOfMark(text: string | null): ProofOrigin {
  if (text === null) return 'this-machine';
  const named = proofOrigins.find((origin) => origin === text.trim());
  return named === undefined || named === 'this-machine' ? 'elsewhere' : named;
}

/** What a stored proof says of the work that it verified again. */
export interface StoredStep {
  origin: ProofOrigin;
  /** Digest of the bundle whose work was verified again, and whether that one was made elsewhere; null where a program ran. */
  verified: { digest: string; elsewhere: boolean } | null;
}

/** The members of a manifest that tell of verified work. */
export function verifiedWork(predicate: Record<string, unknown>): StoredStep['verified'] {
  const { verifiedDigest, verifiedElsewhere } = predicate;
  return typeof verifiedDigest === 'string'
    ? { digest: verifiedDigest, elsewhere: verifiedElsewhere === true }
    : null;
}

/**
 * Follows what was verified again to where the work was made. `stepOf` gives what is stored of a digest, null where nothing is.
 * Every step is a hash of the one before, so that no two can name each other; a hostile store ends after `most` steps.
 */
export async function traceSource(
  first: StoredStep,
  stepOf: (digest: string) => Promise<StoredStep | null>,
  most = 1000,
): Promise<ProofSource> {
  let step = first;
  const provedHere = first.origin === 'this-machine';
  for (let left = most; step.origin === 'this-machine' && step.verified !== null && left > 0; left -= 1) {
    const before: StoredStep | null = await stepOf(step.verified.digest);
    if (before === null)
      return { origin: step.verified.elsewhere ? 'elsewhere' : 'this-machine', provedHere };
    step = before;
  }
  return { origin: step.origin, provedHere };
}
