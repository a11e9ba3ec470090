import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundlePredicate } from '@nx-wave/schemas';
import { sealBundle, type Bundle } from './bundle';
import { keyFolder, openProofFolder } from './proof-store';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'nx-wave-proofs-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const [key, otherKey, digest] = ['ab', 'cd', 'ef'].map((two) => two.repeat(32)) as [string, string, string];
const predicate: BundlePredicate = {
  ...{ bundleFormat: 1, proofBundleId: 'wave-1/A1/attempt-1', state: 'owned_slice_proven' },
  ...{ wave: 'wave-1', waveNumber: 1, lane: 'main', agentId: 'A1', attempt: 1 },
  ...{ role: 'implementation', envelopeRole: 'implementation', stage: 'implementation' },
  ...{ workKey: key, acceptanceKey: digest, resultDigest: digest, executor: { id: 'local', model: null } },
  ...{ versions: {}, baseTree: '1'.repeat(40), ownership: [], changes: [], artifacts: [] },
  ...{ proofCommands: [], usage: null, parents: [], failures: [] },
};

async function sealed(attempt: number): Promise<Bundle> {
  const folder = join(home, `made-${attempt}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'envelope.json'), '{}');
  const bundle = await sealBundle(folder, { ...predicate, attempt });
  if (!bundle.ok) throw new Error(bundle.error.message);
  return bundle.value;
}

/** A store with a bundle in it, and the place of that. */
async function storeOfOne() {
  const store = openProofFolder(join(home, 'store'));
  const bundle = await sealed(1);
  expect(await store.put(bundle, 'this-machine')).toEqual({ ok: true, value: undefined });
  return { store, bundle, place: join(keyFolder(store.root, key), bundle.proofDigest) };
}

const warning = (folder: string) => ({
  code: 'bundle-invalid',
  severity: 'warning',
  message: `The proof bundle in ${folder} is not used: it is not the one that its folder is named for.`,
});

it('a bundle is found under its own name', async () => {
  const { store, bundle } = await storeOfOne();
  expect(await store.find(key)).toMatchObject({
    bundles: [{ proofDigest: bundle.proofDigest, origin: 'this-machine' }],
    problems: [],
  });
});

it('a bundle under the name of another one is not used, and is named', async () => {
  const { store, bundle, place } = await storeOfOne();
  const elsewhere = join(keyFolder(store.root, key), digest);
  cpSync(place, elsewhere, { recursive: true });
  expect(await store.find(key)).toMatchObject({
    bundles: [{ proofDigest: bundle.proofDigest }],
    problems: [warning(elsewhere)],
  });
});

it('a bundle below another work key is not used, and is named', async () => {
  const { store, bundle, place } = await storeOfOne();
  const elsewhere = join(keyFolder(store.root, otherKey), bundle.proofDigest);
  cpSync(place, elsewhere, { recursive: true });
  expect(await store.find(otherKey)).toMatchObject({ bundles: [], problems: [warning(elsewhere)] });
});

it('a bundle whose manifest says something else by now is not used, and is named', async () => {
  const { store, place } = await storeOfOne();
  const manifest = join(place, 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"attempt":1', '"attempt":2'));
  expect(await store.find(key)).toMatchObject({ bundles: [], problems: [warning(place)] });
});
