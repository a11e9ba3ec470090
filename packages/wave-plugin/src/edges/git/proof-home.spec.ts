import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkout } from './contracts';
import { openProofHome, privateToolchains, proofFolder } from './proof-home';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nx-wave-home-'));
  mkdirSync(join(dir, 'person/.cargo/registry'), { recursive: true });
  writeFileSync(join(dir, 'person/.tool-versions'), 'nodejs 20.1.0\n');
  writeFileSync(join(dir, 'person/.cargo/credentials.toml'), 'token');
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const checkout = () => ({ home: join(dir, 'checkout') }) as Checkout;
const policy = (home: 'private' | 'user' = 'private') => ({ home, env: { HOME: join(dir, 'person') } });

async function open(setup = false) {
  const opened = await openProofHome(checkout(), policy(), { setup });
  if (!opened.ok) throw new Error(opened.error.message);
  const { variables, renew } = opened.value;
  const inHome = (name: string) => join(variables['HOME'] ?? '', name);
  return { variables, renew, inHome };
}

describe('openProofHome', () => {
  it('gives a home with an identity and the versions of tools, and no trace of an earlier command', async () => {
    const first = await open();
    expect(readFileSync(first.inHome('.gitconfig'), 'utf8')).toContain('name = wave');
    writeFileSync(first.inHome('left'), '');
    writeFileSync(first.inHome('.tool-versions'), 'nodejs 1\n');
    const second = await open();
    await second.renew();
    expect(existsSync(second.inHome('left'))).toBe(false);
    expect(readFileSync(second.inHome('.tool-versions'), 'utf8')).toBe('nodejs 20.1.0\n');
    expect(readFileSync(join(dir, 'person/.tool-versions'), 'utf8')).toBe('nodejs 20.1.0\n');
  });

  it('keeps what setup commands left, links unfollowed, for every proof command', async () => {
    const setup = await open(true);
    symlinkSync('/nowhere', setup.inHome('link'));
    const proof = await open();
    rmSync(proof.inHome('link'));
    await proof.renew();
    expect(readlinkSync(proof.inHome('link'))).toBe('/nowhere');
    expect(proof.variables['HOME']).toBe(setup.variables['HOME']);
  });

  it('shares packages of a toolchain without its logins, and what was fetched lasts', async () => {
    const { variables, renew } = await open();
    const cargo = variables['CARGO_HOME'] ?? '';
    expect(existsSync(join(cargo, 'registry'))).toBe(true);
    expect(existsSync(join(cargo, 'credentials.toml'))).toBe(false);
    writeFileSync(join(cargo, 'fetched'), '');
    await renew();
    expect(existsSync(join((await open()).variables['CARGO_HOME'] ?? '', 'fetched'))).toBe(true);
    expect(await privateToolchains(checkout(), policy())).toEqual({ CARGO_HOME: cargo });
    expect(await privateToolchains(checkout(), policy('user'))).toEqual({});
  });

  it('is a failure where it cannot be made', async () => {
    writeFileSync(join(dir, 'checkout'), '');
    const opened = await openProofHome(checkout(), policy(), { setup: false });
    expect(opened).toMatchObject({ ok: false, error: { code: 'checkout-failed' } });
    expect(proofFolder(checkout())).toBe(join(dir, 'checkout', 'proof'));
  });
});
