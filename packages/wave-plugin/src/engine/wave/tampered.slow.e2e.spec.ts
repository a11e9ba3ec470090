// Tests engine/wave/verify-signed.ts and docs/guides/verify-without-us.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseProve, printProve } from '../slices/prove-record';
import { signersFile } from '../../core/trust/signatures';
import { createSignedWave, paths, tamperings, type SignedWave } from '../../testing/tampering';
import { closingChecks, verifySigned } from './verify-signed';
import { verifyWave } from './verify-wave';

const guide = readFileSync(resolve(__dirname, '../../../../../docs/guides/verify-without-us.md'), 'utf8');
/** The blocks of the guide: first what all need, then one for each numbered section. The names that a person puts in are set here. */
const blocks = [...guide.matchAll(/^```sh\n([^]*?)^```$/gm)]
  .map(([, body = '']) => body)
  .filter((body) => !body.includes('<commit>'));

/** Runs the commands of the guide, without the block of one section where that is asked for. */
function followGuide(world: SignedWave, base: string, without?: number): boolean {
  const script = [`base='${base}'`, 'wave=wave-1', ...blocks.filter((_, at) => at === 0 || at !== without)];
  try {
    execFileSync('sh', ['-c', script.join('\n')], { cwd: world.launcher, env: world.rig.env, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

async function verify(world: SignedWave, revision: string): Promise<string[]> {
  const session = await world.rig.session();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const report = await verifyWave(session.value, { replay: false, signers: { revision } });
  return report.failures.map(({ code }) => code);
}

/** What the signed closing alone says, without one of its checks. */
async function verifyWithout(world: SignedWave, check: string): Promise<string[]> {
  const session = await world.rig.session();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const checks = Object.fromEntries(Object.entries(closingChecks).filter(([name]) => name !== check));
  const report = await verifySigned(session.value, { revision: world.base }, checks);
  return report.failures.map(({ message }) => message);
}

describe('a signed wave', () => {
  let world: SignedWave;
  beforeAll(async () => {
    world = await createSignedWave();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  afterEach(() => world.restore());

  it('is accepted as it was closed, by verify and by the commands of the guide', async () => {
    const session = await world.rig.session();
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    const report = await verifyWave(session.value, { replay: true, signers: { revision: world.base } });
    expect(report).toMatchObject({
      failures: [],
      signed: { commit: world.base, signer: 'ada@example.test', unchecked: [] },
    });
    expect(followGuide(world, world.base)).toBe(true);
  });

  it('has a guide with a block for each of its seven sections, and a suite of fifty at least', () => {
    expect(blocks).toHaveLength([...guide.matchAll(/^## \d\. /gm)].length + 1);
    expect(tamperings.length).toBeGreaterThanOrEqual(50);
    expect(new Set(tamperings.map(({ what }) => what)).size).toBe(tamperings.length);
  });

  it.each(tamperings.map((one) => [one.what, one] as const))('is refused with %s', async (_, tampering) => {
    tampering.does(world);
    const base = tampering.base?.(world) ?? world.base;
    expect(await verify(world, base)).not.toEqual([]);
    expect(followGuide(world, base)).toBe(false);
  });

  it('is refused where it changes who may sign, however the list of signers is written', async () => {
    tamperings.find(({ onlyBy }) => onlyBy === 'signers')?.does(world);
    const session = await world.rig.session();
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    const ask = { revision: world.base, path: `./${signersFile}` };
    const { failures } = await verifySigned(session.value, ask);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining(`the wave itself changes ${signersFile}`),
    ]);
  });

  it('is not called another one where ssh-keygen is not there', async () => {
    const bin = join(world.rig.dir, 'no-ssh');
    mkdirSync(bin);
    symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git'));
    const session = await world.rig.session(world.rig.edges({ env: { ...world.rig.env, PATH: bin } }));
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    const { failures } = await verifySigned(session.value, { revision: world.base });
    expect(failures.map(({ code }) => code)).toEqual(['trust-unsupported']);
  });

  it('is not called another one where the tree that it was proved on was never fetched', async () => {
    const prove = parseProve(world.read(paths.prove));
    if (prove === null) throw new Error('prove has left nothing');
    world.write(paths.prove, printProve({ ...prove, baseTree: '1'.repeat(40) }));
    const session = await world.rig.session();
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    const { tree } = closingChecks;
    const { failures } = await verifySigned(session.value, { revision: world.base }, tree && { tree });
    expect(failures).toMatchObject([
      { code: 'trust-unsupported', next: expect.stringContaining('git fetch') as string },
    ]);
  });

  describe.each(Object.keys(closingChecks))('without the check %s', (check) => {
    it('lets through what only that check refuses', async () => {
      const own = tamperings.filter(({ onlyBy }) => onlyBy === check);
      expect(own).not.toEqual([]);
      for (const tampering of own) {
        tampering.does(world);
        expect({ what: tampering.what, found: await verifyWithout(world, check) }).toEqual({
          what: tampering.what,
          found: [],
        });
        world.restore();
      }
    });
  });

  describe.each(blocks.slice(1).map((_, at) => at + 1))('without section %i of the guide', (section) => {
    it('lets through what only that section refuses', () => {
      const own = tamperings.filter(({ guideOnlyBy }) => guideOnlyBy === section);
      expect(own).not.toEqual([]);
      for (const tampering of own) {
        tampering.does(world);
        expect({ what: tampering.what, passed: followGuide(world, world.base, section) }).toEqual({
          what: tampering.what,
          passed: true,
        });
        world.restore();
      }
    });
  });
});
