import type { Backend, GetAnswer, PutAnswer, ReplaceAnswer } from '../core/shared-store/backend';

/** What can happen to one call of a backend; the same words for folders and services. */
export type Fault =
  /** What was asked is done, and the answer is lost. */
  | 'lost'
  /** Something between repeats the request; the second answer arrives. */
  | 'doubled'
  /** Too many calls; nothing is done. */
  | 'throttled'
  /** The login is not accepted any more, or may not do this; nothing is done. */
  | 'expired'
  /** A cache between answers with what it saw the time before. */
  | 'stale'
  /** The connection breaks in the middle of the body. */
  | 'cut-short'
  /** No answer ever comes; nothing is done. */
  | 'silent';

/** A store that a test may open several times, and break. */
export interface BackendRig {
  /** A new handle on the same objects. */
  open(): Promise<Backend>;
  /** The next call that reaches the store meets this. */
  breakNext(fault: Fault): void;
  /** Calls that have reached the store so far. */
  calls(): number;
  /** Texts that must be in no message. */
  secrets: readonly string[];
  close(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (answer: GetAnswer) =>
  answer.answer === 'done' ? new TextDecoder().decode(answer.body) : answer.answer;
const tagOf = (answer: PutAnswer | ReplaceAnswer | GetAnswer): string => {
  if (answer.answer !== 'done') throw new Error(`expected done, got ${JSON.stringify(answer)}`);
  return answer.tag;
};

/** What every backend of the shared store keeps, and what it says when something goes wrong. */
export function describeBackend(name: string, start: () => Promise<BackendRig>): void {
  describe(name, () => {
    let rig: BackendRig;
    let store: Backend;
    let at = 0;
    let key = '';
    beforeAll(async () => void (rig = await start()));
    afterAll(() => rig.close());
    beforeEach(async () => {
      store = await rig.open();
      at += 1;
      key = `claims/${String(at).padStart(4, '0')}`;
    });
    const put = (text: string) => store.putIfAbsent(key, bytes(text));
    const replace = (text: string, tag: string) => store.replaceIfMatch(key, bytes(text), { tag });
    const read = async () => textOf(await store.get(key));

    describe('keeps', () => {
      it('nothing where nothing was put', async () => {
        expect(await store.get(key)).toEqual({ answer: 'absent' });
      });

      it('the bytes of an object, for every handle', async () => {
        const body = new Uint8Array([0, 255, 10, 13, 128, 0]);
        const tag = tagOf(await store.putIfAbsent(key, body));
        expect(await (await rig.open()).get(key)).toEqual({ answer: 'done', body, tag });
      });

      it('an object of a mebibyte for whoever asks for so much', async () => {
        const body = new Uint8Array(2 ** 20).map((_, index) => index % 251);
        await store.putIfAbsent(key, body);
        const whole = await store.get(key, { maxBytes: 2 ** 20 });
        expect(whole.answer === 'done' && Buffer.compare(whole.body, body)).toBe(0);
        expect(await store.get(key, { maxBytes: 2 ** 20 - 1 })).toMatchObject({
          trouble: { kind: 'server' },
        });
        expect(await store.get(key)).toMatchObject({ answer: 'unknown' });
      });

      it('an archive, without being asked for its size', async () => {
        const body = new Uint8Array(300_000).fill(7);
        expect(await store.putIfAbsent(`bundles/${at}`, body)).toMatchObject({ answer: 'done' });
        expect(await store.get(`bundles/${at}`)).toMatchObject({ answer: 'done', body });
      });

      it('the first of two creates', async () => {
        await put('first');
        expect(await put('second')).toEqual({ answer: 'changed' });
        expect(await read()).toBe('first');
      });

      it('one of twenty creates at once', async () => {
        const texts = Array.from({ length: 20 }, (_, index) => `of ${index}`);
        const handles = await Promise.all(texts.map(() => rig.open()));
        const answers = await Promise.all(
          texts.map((text, index) => (handles[index] as Backend).putIfAbsent(key, bytes(text))),
        );
        const won = texts.filter((_, index) => answers[index]?.answer === 'done');
        expect(won).toHaveLength(1);
        expect(answers.filter(({ answer }) => answer === 'changed')).toHaveLength(19);
        expect(await read()).toBe(won[0]);
      });

      it('a replacement of the version that it names', async () => {
        const first = tagOf(await put('1'));
        const second = tagOf(await replace('2', first));
        expect(second).not.toBe(first);
        expect(await replace('of an old one', first)).toEqual({ answer: 'changed' });
        expect(await store.get(key)).toEqual({ answer: 'done', body: bytes('2'), tag: second });
        expect((await replace('3', second)).answer).toBe('done');
        expect(await read()).toBe('3');
      });

      it('one of ten replacements at once', async () => {
        const tag = tagOf(await put('0'));
        const texts = Array.from({ length: 10 }, (_, index) => `of ${index}`);
        const answers = await Promise.all(texts.map((text) => replace(text, tag)));
        const won = texts.filter((_, index) => answers[index]?.answer === 'done');
        expect(won).toHaveLength(1);
        expect(await read()).toBe(won[0]);
      });

      it('no replacement of what is not there', async () => {
        const tag = tagOf(await put('elsewhere'));
        const other = `${key}-absent`;
        const answer = await store.replaceIfMatch(other, bytes('2'), { tag });
        expect(['absent', 'changed']).toContain(answer.answer);
        expect(await store.get(other)).toEqual({ answer: 'absent' });
      });

      it('a list of keys below a prefix, in order', async () => {
        const keys = [`lists/${at}/b`, `lists/${at}/a`, `lists/${at}/c.json`];
        for (const one of keys) await store.putIfAbsent(one, bytes(one));
        expect(await store.list(`lists/${at}/`)).toEqual({ answer: 'done', keys: [...keys].sort() });
        expect(await store.list(`lists/${at}/none`)).toEqual({ answer: 'done', keys: [] });
      });

      it.each(['../outside', '/root', 'a//b', '.drafts/x'])('no key %s', async (wrong) => {
        await expect((async () => store.get(wrong))()).rejects.toThrow('No key');
        await expect((async () => store.putIfAbsent(wrong, bytes('x')))()).rejects.toThrow('No key');
      });
    });

    describe('says the truth where', () => {
      it('the answer to a create is lost: it may have landed', async () => {
        rig.breakNext('lost');
        expect(await put('mine')).toMatchObject({ answer: 'unknown' });
        expect(await read()).toBe('mine');
        expect(await put('again')).toEqual({ answer: 'changed' });
      });

      it('the answer to a replacement is lost: it may have landed', async () => {
        const tag = tagOf(await put('1'));
        rig.breakNext('lost');
        expect(await replace('2', tag)).toMatchObject({ answer: 'unknown' });
        expect(await read()).toBe('2');
        expect(await replace('2 again', tag)).toEqual({ answer: 'changed' });
      });

      it('a create arrives twice: what stands there is its own', async () => {
        rig.breakNext('doubled');
        expect(['done', 'changed']).toContain((await put('mine')).answer);
        expect(await read()).toBe('mine');
      });

      it('a replacement arrives twice: what stands there is its own', async () => {
        const tag = tagOf(await put('1'));
        rig.breakNext('doubled');
        expect(['done', 'changed']).toContain((await replace('mine', tag)).answer);
        expect(await read()).toBe('mine');
      });

      it.each(['throttled', 'expired'] as const)('a call is %s: once, and nothing landed', async (fault) => {
        const kind = fault === 'expired' ? 'credentials' : 'throttled';
        const tag = tagOf(await store.putIfAbsent(`${key}-other`, bytes('1')));
        const calls: (() => Promise<{ answer: string }>)[] = [
          () => store.get(`${key}-other`),
          () => put('new'),
          () => store.replaceIfMatch(`${key}-other`, bytes('2'), { tag }),
          () => store.list('claims/'),
        ];
        for (const call of calls) {
          const before = rig.calls();
          rig.breakNext(fault);
          const answer = await call();
          expect(answer).toMatchObject({ answer: 'unknown', trouble: { kind } });
          expect(rig.calls() - before).toBe(1);
          for (const secret of rig.secrets) expect(JSON.stringify(answer)).not.toContain(secret);
        }
        expect(await read()).toBe('absent');
        expect(textOf(await store.get(`${key}-other`))).toBe('1');
      });

      it('a read is out of date: what is built on it does not land', async () => {
        await put('1');
        const seen = await store.get(key);
        await replace('2', tagOf(seen));
        rig.breakNext('stale');
        const old = await store.get(key);
        expect(textOf(old)).toBe('1');
        expect(await replace('3', tagOf(old))).toEqual({ answer: 'changed' });
        expect(await read()).toBe('2');
      });

      it('a body comes in part: that is no object', async () => {
        await store.putIfAbsent(key, bytes('x'.repeat(20_000)));
        rig.breakNext('cut-short');
        expect(await store.get(key)).toMatchObject({ answer: 'unknown' });
        expect(await store.get(key)).toMatchObject({ answer: 'done' });
      });

      it('an upload breaks in the middle: nothing stands there', async () => {
        rig.breakNext('cut-short');
        expect(await put('x'.repeat(20_000))).toMatchObject({ answer: 'unknown' });
        expect(await read()).toBe('absent');
        expect((await put('whole')).answer).toBe('done');
      });

      it('no answer comes in time', async () => {
        rig.breakNext('silent');
        expect(await store.get(key, { timeoutMs: 50 })).toMatchObject({
          answer: 'unknown',
          trouble: { kind: 'timeout' },
        });
      });

      it('its caller gives up', async () => {
        const stop = new AbortController();
        rig.breakNext('silent');
        const answer = store.putIfAbsent(key, bytes('late'), { signal: stop.signal });
        stop.abort();
        expect(await answer).toMatchObject({ answer: 'unknown', trouble: { kind: 'cancelled' } });
      });
    });
  });
}
