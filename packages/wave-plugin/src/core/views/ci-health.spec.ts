import { ciLines, type CiFacts } from './ci-health';

const quiet: CiFacts = {
  env: {},
  files: [],
  trust: 'reprove',
  store: null,
  attemptMinutes: 60,
  signersCommitted: false,
  remoteCache: null,
};
const store = { name: 'azblob://account/waves', problem: null, next: null };
const enough = { NX_CLOUD_ORCHESTRATOR_TIMEOUT_MS: '9000000', NX_CLOUD_AGENT_TIMEOUT_MS: '9000000' };
const run = { NX_CI_EXECUTION_ID: '1-1' };
const server = { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'https://me:pass@cache.example:8443/x' };
const token = { NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'secret' };

describe('ciLines', () => {
  it('has nothing to say where there is no CI', () => {
    expect(ciLines(quiet)).toEqual([]);
  });

  it.each<[string, Partial<CiFacts>, string[]]>([
    ['GitHub Actions', { env: { CI: 'true', GITHUB_ACTIONS: 'true' } }, ['ok ci']],
    ['another CI', { env: { CI: '1' } }, ['ok ci']],
    ['distribution without a shared store', { env: { ...run, ...enough } }, ['warn distribution']],
    ['distribution with one', { env: { ...run, ...enough }, store }, ['ok shared store', 'ok distribution']],
    [
      'a store that cannot be used',
      { store: { name: null, problem: 'store.url is no address', next: null } },
      ['fail shared store'],
    ],
    ['distribution by a file', { files: ['.nx/ci-config.yaml'], env: enough }, ['warn distribution']],
    ['no distribution', { env: { NX_CLOUD_DISTRIBUTED_EXECUTION: 'false' } }, []],
    [
      'an hour of patience for an hour of work',
      { env: run, store },
      ['ok shared store', 'ok distribution', 'warn time-outs'],
    ],
    [
      'an hour of patience for less',
      { env: run, store, attemptMinutes: 30 },
      ['ok shared store', 'ok distribution'],
    ],
    [
      'patience that is no number',
      { env: { ...run, ...enough, NX_CLOUD_AGENT_TIMEOUT_MS: 'long' }, store },
      ['ok shared store', 'ok distribution', 'warn time-outs'],
    ],
    ['a cache server', { env: { ...server, ...token } }, ['ok remote cache']],
    [
      'a cache server that answers',
      { env: { ...server, ...token }, remoteCache: 'ready' },
      ['ok remote cache'],
    ],
    ...(['refused', 'failing', 'silent'] as const).map(
      (remoteCache): [string, Partial<CiFacts>, string[]] => [
        `a cache server whose answer is: ${remoteCache}`,
        { env: { ...server, ...token }, remoteCache },
        ['warn remote cache', 'ok remote cache'],
      ],
    ),
    ['a cache server without a token', { env: server }, ['warn remote cache', 'ok remote cache']],
    [
      'a cache server that is believed',
      { env: { ...server, ...token }, trust: 'digest' },
      ['warn remote cache'],
    ],
    [
      'signed proofs from a cache, and no key',
      { env: { ...server, ...token }, trust: 'signed' },
      ['ok remote cache', 'warn signing'],
    ],
    ['a key', { env: { NX_WAVE_SIGNING_KEY: '/key' }, signersCommitted: true }, ['ok signing']],
    ['a key that nobody knows', { env: { NX_WAVE_SIGNING_KEY: '/key' } }, ['warn signing']],
  ])('tells of %s', (_, facts, lines) => {
    const found = ciLines({ ...quiet, ...facts });
    expect(found.map(({ state, check }) => `${state} ${check}`)).toEqual(lines);
    for (const { state, next } of found) expect(next === null).toBe(state === 'ok');
  });

  it('shows neither tokens nor passwords', () => {
    const text = JSON.stringify(
      ciLines({ ...quiet, env: { ...server, ...token, NX_CLOUD_ACCESS_TOKEN: 'other' } }),
    );
    expect(text).toContain('cache.example:8443');
    expect(text).not.toMatch(/pass@|secret|other"/);
  });
});
