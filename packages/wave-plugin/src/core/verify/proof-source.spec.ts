import fc from 'fast-check';
import {
  describeSource,
  originMark,
  originOfMark,
  proofOrigins,
  traceSource,
  verifiedWork,
  type ProofSource,
  type StoredStep,
} from './proof-source';

describe('the mark of a bundle from elsewhere', () => {
  it.each(proofOrigins.filter((origin) => origin !== 'this-machine'))('keeps %s', (origin) =>
    expect(originOfMark(originMark(origin))).toBe(origin),
  );

  it('is absent where a bundle is of this machine', () => expect(originOfMark(null)).toBe('this-machine'));

  it('never makes anything of this machine by what it says', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('', 'this-machine', 'this-machine\n')), (text) => {
        expect(originOfMark(text)).not.toBe('this-machine');
      }),
    ));

  it('of earlier versions is empty, and tells no more than that somebody else made it', () =>
    expect(originOfMark('')).toBe('elsewhere'));
});

describe('where a proof comes from', () => {
  const own = (digest?: string, elsewhere = false): StoredStep => ({
    origin: 'this-machine',
    verified: digest === undefined ? null : { digest, elsewhere },
  });
  const of = (origin: StoredStep['origin']): StoredStep => ({ origin, verified: null });

  it.each<[string, StoredStep, Record<string, StoredStep>, ProofSource, string]>([
    ['a program that ran here', own(), {}, { origin: 'this-machine', provedHere: true }, 'this machine'],
    ['a proof that Nx restored', of('nx-cache'), {}, { origin: 'nx-cache', provedHere: false }, 'Nx cache'],
    [
      'a proof of the shared store that was verified here',
      own('a', true),
      { a: of('shared-store') },
      { origin: 'shared-store', provedHere: true },
      'shared store, proved here',
    ],
    [
      'one that was verified twice here',
      own('b'),
      { b: own('a', true), a: of('nx-cache') },
      { origin: 'nx-cache', provedHere: true },
      'Nx cache, proved here',
    ],
    [
      'own work that was verified again, and its bundle is gone',
      own('a'),
      {},
      { origin: 'this-machine', provedHere: true },
      'this machine',
    ],
    [
      'work of elsewhere that was verified here, and its bundle is gone',
      own('a', true),
      {},
      { origin: 'elsewhere', provedHere: true },
      'elsewhere, proved here',
    ],
  ])('is told of %s', async (_, first, stored, source, words) => {
    const told = await traceSource(first, (digest) => Promise.resolve(stored[digest] ?? null));
    expect([told, describeSource(told)]).toEqual([source, words]);
  });

  it('is told of a store whose bundles name each other, which is asked no more than so often', async () => {
    const asked: string[] = [];
    const stepOf = (digest: string) => {
      asked.push(digest);
      return Promise.resolve(own('a'));
    };
    expect(await traceSource(own('a'), stepOf, 3)).toEqual({ origin: 'this-machine', provedHere: true });
    expect(asked).toHaveLength(3);
  });

  it('is not told by a bundle of somebody else, whatever that says of the work before it', async () => {
    const foreign: StoredStep = { origin: 'shared-store', verified: { digest: 'a', elsewhere: false } };
    const stored: Record<string, StoredStep> = { a: own(), b: foreign };
    const stepOf = (digest: string) => Promise.resolve(stored[digest] ?? null);
    expect(await traceSource(foreign, stepOf)).toEqual({ origin: 'shared-store', provedHere: false });
    expect(await traceSource(own('b'), stepOf)).toEqual({ origin: 'shared-store', provedHere: true });
  });
});

it.each<[Record<string, unknown>, StoredStep['verified']]>([
  [{}, null],
  [{ verifiedElsewhere: true }, null],
  [{ verifiedDigest: 7, verifiedElsewhere: true }, null],
  [{ verifiedDigest: 'a' }, { digest: 'a', elsewhere: false }],
  [
    { verifiedDigest: 'a', verifiedElsewhere: false },
    { digest: 'a', elsewhere: false },
  ],
  [
    { verifiedDigest: 'a', verifiedElsewhere: true },
    { digest: 'a', elsewhere: true },
  ],
  [
    { verifiedDigest: 'a', verifiedElsewhere: 'true' },
    { digest: 'a', elsewhere: false },
  ],
])('a manifest tells of the work that it verified: %j', (predicate, expected) =>
  expect(verifiedWork(predicate)).toEqual(expected),
);
