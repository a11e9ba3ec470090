import { describeCage, holdCage, isOurs, type CageAsk, type CageFound, type HeldCage } from './hold-cage';

const bubblewrap: CageFound = { kind: 'bubblewrap', version: '0.8.0', network: true, next: null };
const withoutSocat: CageFound = { ...bubblewrap, network: false, next: 'Install socat.' };
const none: CageFound = { kind: 'none', why: 'bwrap is not on PATH', next: 'Install bubblewrap.' };
const closed = { open: false, hosts: [], ports: [] } as const;
const some = { open: false, hosts: ['api.example'], ports: [5432] };
const ask = (more: Partial<CageAsk> = {}): CageAsk => ({
  key: 'proof.isolation',
  isolation: 'auto',
  network: { ...closed, hosts: [], ports: [] },
  ...more,
});

it.each<[string, CageAsk, CageFound, object]>([
  ['ours', ask(), bubblewrap, { cage: 'bubblewrap', network: [], why: null }],
  [
    'ours, with what it lets through',
    ask({ network: some }),
    bubblewrap,
    { network: ['api.example', 'localhost:5432'] },
  ],
  ['ours, open', ask({ network: { open: true } }), bubblewrap, { network: 'open', why: null }],
  [
    'ours, and open for want of socat',
    ask({ network: some }),
    withoutSocat,
    { network: 'open', why: expect.stringContaining('socat') },
  ],
  ['ours, for nothing is called', ask(), withoutSocat, { network: [], why: null }],
  ['none', ask(), none, { cage: 'none', network: null, why: 'bwrap is not on PATH' }],
  ['off', ask({ isolation: 'off' }), bubblewrap, { cage: 'off', why: 'proof.isolation is "off"' }],
  ['its own', ask({ own: true, isolation: 'required' }), none, { cage: 'own', why: null }],
])('holds %s', (_name, asked, found, held) => {
  expect(holdCage(asked, found)).toMatchObject({ ok: true, value: held });
});

it.each([
  ['there is none', ask({ isolation: 'required' }), none, 'Install bubblewrap.'],
  [
    'it cannot let single hosts through',
    ask({ isolation: 'required', network: some }),
    withoutSocat,
    'Install socat.',
  ],
])('refuses where one is required and %s', (_name, asked, found, next) => {
  expect(holdCage(asked, found)).toMatchObject({ ok: false, error: { code: 'cage-missing', next } });
});

it.each<[HeldCage, string]>([
  [{ cage: 'bubblewrap', network: [], why: null }, 'bubblewrap; calls: nothing but what it starts itself'],
  [{ cage: 'bubblewrap', network: 'open', why: 'no socat' }, 'bubblewrap; calls: open; no socat'],
  [{ cage: 'none', network: null, why: 'bwrap is not on PATH' }, 'none: bwrap is not on PATH'],
  [{ cage: 'own', network: null, why: null }, 'the sandbox of the program itself'],
])('says of %j: %s', (held, line) => {
  expect(describeCage(held)).toBe(line);
  expect(isOurs(held)).toBe(held.cage === 'bubblewrap');
});
