import type { Amounts, Claim } from '@nx-wave/schemas';
import { canonicalJson, ok } from '@nx-wave/schemas/plain';
import { defaultPeriods } from '../../core/shared-store/periods';
import { storeKeys } from '../../core/shared-store/backend';
import { openMemoryBackend } from '../../testing/memory-backend';
import type { ClaimAsk, ClaimsOptions } from './contracts';
import { admissionKind, claimKind } from './objects';
import { readObject } from './change-object';
import { openSharedClaims } from './shared-claims';
import { underClaim } from './under-claim';

const workKey = 'a'.repeat(64);
const free: Amounts = { usd: null, tokens: null, minutes: null };
const caps: Amounts = { usd: 5, tokens: null, minutes: null };
const limits = { budget: { usd: 20, tokens: null, minutes: null }, places: null };

describe('a claim that is held', () => {
  it('charges what its agent has used where another machine has taken it meanwhile', async () => {
    const { options, claim, takeAway } = await hold();
    expect(await claim.start()).toMatchObject({ ok: true });
    claim.tell({ ...free, usd: 3 });
    await takeAway();
    expect(await claim.settle('b'.repeat(64))).toMatchObject({ ok: false, error: { code: 'claim-lost' } });
    await claim.release(null);
    expect(await chargedOf(options)).toEqual([{ open: false, usd: 3 }]);
  });

  it('charges all that was reserved where nobody knows what a program has used', async () => {
    const { options, claim } = await hold();
    expect(await claim.start()).toMatchObject({ ok: true });
    await claim.release(null);
    expect(await chargedOf(options)).toEqual([{ open: false, usd: 5 }]);
  });

  it('charges nothing where no program was started', async () => {
    const { options, claim } = await hold();
    await claim.release(null);
    expect(await chargedOf(options)).toEqual([{ open: false, usd: 0 }]);
  });
});

function machines() {
  const backend = openMemoryBackend();
  let nonces = 0;
  const options: ClaimsOptions = {
    backend,
    periods: defaultPeriods,
    // Time stands still; who waits does so until it is stopped.
    clock: {
      moment: () => ({ wallMs: 0, steadyMs: 0 }),
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    run: 'run-1',
    holder: (token) => ({ token, host: 'here', boot: '', pidSpace: '', pid: 1, started: '' }),
    nonce: () => `op-${(nonces += 1)}`,
    isDead: () => false,
    endMarked: async () => undefined,
    print: () => undefined,
  };
  const ask: ClaimAsk = {
    workKey,
    acceptanceKey: 'c'.repeat(64),
    attempts: 3,
    refused: new Set(),
    token: 'mine',
    project: 'wave-1',
    unitId: '1',
    signal: new AbortController().signal,
  };
  const takeAway = async (more: Partial<Claim> = {}) => {
    const { doc } = await stored(options);
    const other: Claim = {
      ...doc,
      op: 'of-another',
      gen: doc.gen + 1,
      holder: options.holder('theirs'),
      starts: doc.starts.map((start) => ({ ...start, end: 'lost' })),
      ...more,
    };
    backend.objects.set(storeKeys.claim(workKey), {
      body: new TextEncoder().encode(canonicalJson(other)),
      tag: 'of-another',
    });
  };
  return { options, ask, takeAway };
}

async function hold() {
  const { options, ask, takeAway } = machines();
  const taken = await openSharedClaims(options).acquire(ask);
  if (!taken.ok || taken.value.is !== 'held') throw new Error('the claim is free');
  const { claim } = taken.value;
  expect(await claim.admit({ caps, limits })).toMatchObject({ ok: true });
  return { options, claim, takeAway };
}

async function stored(options: ClaimsOptions) {
  const read = await readObject(options, claimKind(workKey));
  if (!read.ok || read.value.doc === null) throw new Error('no claim');
  return { doc: read.value.doc };
}

it('a proof that another machine has settled is served by the one that has lost its claim to it', async () => {
  const { options, ask, takeAway } = machines();
  const theirs = 'd'.repeat(64);
  const done = await underClaim<string>(openSharedClaims(options), ask, {
    serve: async (proofs) => ok(`served ${proofs.join()}`),
    async work(claim) {
      await takeAway({ state: 'settled', holder: null, proofs: [theirs] });
      const settled = await claim.settle('b'.repeat(64));
      return { value: settled.ok ? 'settled' : settled.error.code, end: { end: 'interrupted' } };
    },
  });
  expect(done).toEqual(ok(`served ${theirs}`));
});

async function chargedOf(options: ClaimsOptions) {
  const read = await readObject(options, admissionKind('wave-1'));
  return read.ok && read.value.doc?.entries.map(({ open, used }) => ({ open, usd: used?.usd }));
}
