import { claimSchema, type Claim, type ClaimHolder } from '@nx-wave/schemas';
import fc from 'fast-check';
import {
  decideAcquire,
  decideBeat,
  decideBreak,
  decideExpire,
  decideFree,
  decideSettle,
  decideStart,
  rebornClaim,
  workToJudge,
  type AcquireAsk,
} from './claim';

const workKey = 'a'.repeat(64);
const proof = 'b'.repeat(64);
const holder = (token: string): ClaimHolder => ({
  token,
  host: token,
  boot: 'boot',
  pidSpace: '',
  pid: 1,
  started: '1',
});
const ask = (token: string, more: Partial<AcquireAsk> = {}): AcquireAsk => ({
  workKey,
  run: 'run-1',
  holder: holder(token),
  acceptanceKey: 'c'.repeat(64),
  attempts: 3,
  refused: new Set(),
  silent: false,
  dead: false,
  known: false,
  ...more,
});

/** What a step writes; a step that writes nothing leaves what was there. */
function written<T>(step: { do: string; body?: Claim; landed?: T }): Claim {
  if (step.body === undefined) throw new Error(`${step.do} writes nothing`);
  return claimSchema.parse({ ...step.body, op: 'op' });
}

const held = (token = 'a', from: Claim | null = null) => written(decideAcquire(from, ask(token)));
const started = (token = 'a') => written(decideStart(held(token), ask(token)));
const settled = () => written(decideSettle(started(), { ...ask('a'), digest: proof, used: null }));
const failure = (code: string, acceptanceKey = 'c'.repeat(64)) => ({
  code,
  message: code,
  acceptanceKey,
  bundle: 'd'.repeat(64),
});
const failed = (code = 'proof-command-failed', acceptanceKey?: string) =>
  written(
    decideFree(started(), {
      ...ask('a'),
      end: { end: 'failed', failure: failure(code, acceptanceKey) },
      used: null,
      checkpoint: null,
    }),
  );

describe('a claim', () => {
  it.each<[string, Claim | null, Partial<AcquireAsk>, string]>([
    ['nobody ever held', null, {}, 'held'],
    ['another holds, who lives', held(), {}, 'waits'],
    ['another holds, who is silent', started(), { silent: true }, 'held'],
    ['another of this machine holds, who is dead', started(), { dead: true }, 'held'],
    ['is settled', settled(), {}, 'settled'],
    ['is settled by a proof that does not hold here', settled(), { refused: new Set([proof]) }, 'held'],
    ['failed in this run', failed(), {}, 'answered'],
    ['failed in another run', failed(), { run: 'run-2' }, 'held'],
    ['failed by other rules of acceptance', failed('proof-command-failed', 'e'.repeat(64)), {}, 'held'],
    ['ended by login', failed('agent-auth'), {}, 'held'],
    ['has used up its attempts', failed(), { run: 'run-2', attempts: 1 }, 'answered'],
    ['was seen, and is gone', null, { known: true }, 'waits'],
    ['was seen, and is gone for long', null, { known: true, silent: true }, 'held'],
  ])('that %s: %j', (_, stored, more, is) => {
    const step = decideAcquire(stored, ask('b', more));
    expect('landed' in step ? step.landed.is : step.why.is).toBe(is);
  });

  it('serves a proof that holds here while another holds the claim for whom it does not', () => {
    const again = written(decideAcquire(settled(), ask('b', { refused: new Set([proof]) })));
    expect(decideAcquire(again, ask('c'))).toMatchObject({
      do: 'stop',
      why: { is: 'settled', proofs: [proof] },
    });
  });

  it('says that nobody is paid where only stored work may be judged again', () => {
    const step = decideAcquire(failed('proof-command-failed', 'e'.repeat(64)), ask('b'));
    expect(step).toMatchObject({ do: 'write', landed: { is: 'held', unpaid: { why: 'failed-in-run' } } });
    expect(decideStart(written(step), ask('b'))).toMatchObject({ do: 'stop', why: { is: 'refused' } });
    const unpaid = 'landed' in step && step.landed.is === 'held' ? step.landed.unpaid : null;
    expect(workToJudge(unpaid, ask('b'))).toBe('d'.repeat(64));
  });

  it('marks the start of a holder that is gone as lost, with what it told last', () => {
    const used = { usd: 2, tokens: null, minutes: 3 };
    const beaten = written(decideBeat(started(), { ...ask('a'), beat: 1, used, checkpoint: 'f'.repeat(64) }));
    const taken = written(decideAcquire(beaten, ask('b', { silent: true })));
    expect(taken).toMatchObject({
      gen: 2,
      checkpoint: 'f'.repeat(64),
      starts: [{ gen: 1, end: 'lost', used }],
    });
    expect(decideBeat(taken, { ...ask('a'), beat: 2, used, checkpoint: null })).toMatchObject({
      do: 'stop',
      why: { is: 'lost', to: { token: 'b' } },
    });
  });

  it('that was deleted comes back with the next generation, and its start with it', () => {
    expect(rebornClaim(started())).toMatchObject({
      gen: 2,
      state: 'held',
      starts: [{ gen: 2, end: 'open' }],
    });
  });

  it('is freed for those who wait by nobody but of that very generation', () => {
    expect(written(decideExpire(started(), { workKey, gen: 1, run: 'r' }))).toMatchObject({
      state: 'free',
      gen: 2,
    });
    expect(decideExpire(started(), { workKey, gen: 0, run: 'r' }).do).toBe('done');
    expect(decideExpire(settled(), { workKey, gen: 1, run: 'r' }).do).toBe('done');
  });

  it('is broken by a person, who is named', () => {
    const broken = written(decideBreak(started(), { run: 'r', by: 'Ada', reason: 'gone' }));
    expect(broken).toMatchObject({ state: 'free', broken: { gen: 1, by: 'Ada' }, starts: [{ end: 'lost' }] });
    expect(decideSettle(broken, { ...ask('a'), digest: proof, used: null })).toMatchObject({
      why: { is: 'lost' },
    });
  });

  it('every step that is asked again after it landed writes nothing', () => {
    const token = 'a';
    const again = (stored: Claim) => [
      stored.state === 'held' ? decideAcquire(stored, ask(token)).do : 'done',
      decideBeat(stored, { ...ask(token), beat: stored.beat, used: null, checkpoint: null }).do,
    ];
    expect(again(held())).toEqual(['done', 'done']);
    expect(decideStart(started(), ask(token)).do).toBe('done');
    expect(decideSettle(settled(), { ...ask(token), digest: proof, used: null }).do).toBe('done');
    expect(decideFree(failed(), { ...ask(token), end: null, used: null, checkpoint: null }).do).toBe('done');
  });

  it('properties: generations only go up, no start stays open without its holder, and it stays small', () => {
    const tokens = ['a', 'b', 'c'] as const;
    const move = fc.record({
      token: fc.constantFrom(...tokens),
      is: fc.constantFrom('acquire', 'take', 'beat', 'start', 'settle', 'fail', 'drain', 'break'),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 200 }), (moves) => {
        let stored: Claim | null = null;
        for (const [at, { token, is }] of moves.entries()) {
          const step: { do: string; body?: Claim } | null = play(stored, { token, is, at });
          if (step?.body === undefined) continue;
          const next = claimSchema.parse({ ...step.body, op: `${at}` });
          expect(next.gen).toBeGreaterThanOrEqual(stored?.gen ?? 0);
          expect(next.state === 'held').toBe(next.holder !== null);
          if (next.state !== 'held') expect(next.starts.some(({ end }) => end === 'open')).toBe(false);
          expect(next.starts.filter(({ end }) => end === 'open').length).toBeLessThanOrEqual(1);
          expect(JSON.stringify(next).length).toBeLessThan(64 * 1024);
          stored = next;
        }
      }),
    );
  });

  function play(stored: Claim | null, { token, is, at }: { token: string; is: string; at: number }) {
    const one = { ...ask(token, { attempts: 1_000, run: `run-${at}` }), used: null, checkpoint: null };
    if (is === 'acquire') return decideAcquire(stored, one);
    if (is === 'take') return decideAcquire(stored, { ...one, silent: true });
    if (stored === null) return null;
    switch (is) {
      case 'beat':
        return decideBeat(stored, { ...one, beat: stored.beat + 1 });
      case 'start':
        return decideStart(stored, one);
      case 'settle':
        return decideSettle(stored, { ...one, digest: proof });
      case 'fail':
        return decideFree(stored, { ...one, end: { end: 'failed', failure: failure('agent-exit') } });
      case 'drain':
        return decideFree(stored, { ...one, end: { end: 'interrupted' } });
      default:
        return decideBreak(stored, { run: 'r', by: 'Ada', reason: '' });
    }
  }
});
