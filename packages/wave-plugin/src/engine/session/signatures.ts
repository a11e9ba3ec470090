import { isAbsolute, join, resolve } from 'node:path';
import { err, failure, ok, sha256, type Failure, type Result } from '@nx-wave/schemas/plain';
import { signatureSuffix, signersFile, signingKeyVariable } from '../../core/trust/signatures';
import { hashFile, readBytes, readText } from '../../edges/files/read-file';
import { realPath } from '../../edges/files/stat';
import { writeUnflushed } from '../../edges/files/write-file';
import { readCommittedFile } from '../../edges/git/committed-file';
import type { Repository } from '../../edges/git/contracts';
import { isInside } from '../../edges/processes/environment';
import { signingFailed } from '../../edges/processes/ssh-signatures';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import type { ProofStore } from '../../edges/store/layered-store';
import type { Edges } from './edges';

/** What a session signs with, and whose signatures it wants to see. */
export interface Signing {
  /** Absolute file of the key of this person or machine; null where nothing is signed. */
  keyFile: string | null;
  /** Text of the list of signers as the checked-out commit has it; null where trust asks for no signature. */
  signers: string | null;
}

/** Codes: signing-failed, trust-unsupported. */
export async function openSigning(
  { env }: Pick<Edges, 'env'>,
  { repo, trust }: { repo: Repository; trust: 'signed' | 'reprove' | 'digest' },
): Promise<Result<Signing>> {
  const key = await findKey(env, repo);
  if (!key.ok) return key;
  if (trust !== 'signed') return ok({ keyFile: key.value, signers: null });
  const listed = await readCommittedFile(repo, env, { revision: 'HEAD', path: signersFile });
  if (!listed.ok) return listed;
  if (listed.value.text === null) return err(noSigners());
  return ok({ keyFile: key.value, signers: listed.value.text });
}

async function findKey(env: Edges['env'], repo: Repository): Promise<Result<string | null>> {
  const named = env[signingKeyVariable] ?? '';
  if (named === '') return ok(null);
  const home = env['HOME'] ?? '';
  const path = named.startsWith('~/') ? join(home, named.slice(2)) : named;
  if (!isAbsolute(path)) return err(signingFailed(`${JSON.stringify(named)} is not an absolute path`));
  // What stands in the tree is in the base of every agent, by whatever link it is named.
  if ([resolve(path), await realPath(path)].some((at) => isInside(repo.topLevel, at)))
    return err(signingFailed(`${path} stands in the repository, where agents would have it`));
  if ((await hashFile(path)) === null) return err(signingFailed(`there is no file ${path}`));
  return ok(path);
}

function noSigners(): Failure {
  return failure(
    'trust-unsupported',
    `trust: "signed" is asked for, and the checked-out commit has no ${signersFile}: nobody may sign.`,
    {
      place: { path: signersFile },
      next: `Write \`<name> namespaces="nx-wave" <public key>\` for each signer into ${signersFile} and commit it.`,
    },
  );
}

/** What of a session signing needs. */
type Signer = { edges: Pick<Edges, 'signatures' | 'print'>; signing: Signing };

/**
 * Signs the manifest of a bundle that is not in its place yet. Where that fails the work is kept unsigned, and that is told: it
 * has been paid for.
 */
export async function signBundle({ edges, signing }: Signer, folder: string): Promise<void> {
  const problem = await signFile({ edges, signing }, join(folder, bundleFiles.manifest));
  if (problem !== null) edges.print(`warning: the proof is not signed: ${problem.message}`);
}

/** Leaves the signature of a file beside it, where there is a key. The failure, or null. */
export async function signFile({ edges, signing }: Signer, path: string): Promise<Failure | null> {
  if (signing.keyFile === null) return null;
  const bytes = await readBytes(path);
  if (bytes === null) return signingFailed(`${path} is not there`);
  const signed = await edges.signatures.sign(signing.keyFile, bytes);
  if (!signed.ok) return signed.error;
  const written = await writeUnflushed(path + signatureSuffix, signed.value);
  return written.ok ? null : written.error;
}

/** Who has signed a bundle, by a list of signers. Code: signature-refused, naming the bundle. */
export async function signerOf(
  { signatures }: Pick<Edges, 'signatures'>,
  bundle: Bundle,
  signers: string,
): Promise<Result<string>> {
  const { proofBundleId, agentId, wave } = bundle.manifest.predicate;
  const refuse = (why: string) =>
    err(
      failure(
        'signature-refused',
        `The proof bundle ${proofBundleId} in ${bundle.folder} is not used: ${why}`,
        {
          place: { wave, agentId, path: bundle.folder },
          next: `Let its maker sign it (${signingKeyVariable}) and run it again, or take the signer into ${signersFile}.`,
        },
      ),
    );
  const manifest = await readBytes(join(bundle.folder, bundleFiles.manifest));
  const signature = await readText(join(bundle.folder, bundleFiles.signature));
  // It was read before: what is checked here has to be what was read there.
  if (manifest === null || sha256(manifest) !== bundle.proofDigest)
    return refuse('its manifest has changed.');
  if (signature === null) return refuse('nobody has signed it.');
  const verified = await signatures.verify({ message: manifest, signature, signers });
  if (verified.ok || verified.error.code !== 'signature-refused') return verified;
  return refuse(verified.error.message);
}

/** Why a bundle from elsewhere is not used under `trust: signed`, or null. */
export type BundleRefusal = (bundle: Bundle) => Promise<Failure | null>;

/** Why bundles were not used for want of a signature, each once, in the order in which they were met. */
export interface Refusals {
  refusalOf: BundleRefusal;
  refused: readonly Failure[];
}

/** Every bundle is asked about once. */
export function bundleRefusals(edges: Pick<Edges, 'signatures'>, { signers }: Signing): Refusals {
  const refused: Failure[] = [];
  if (signers === null) return { refusalOf: () => Promise.resolve(null), refused };
  const known = new Map<string, Promise<Failure | null>>();
  const ask = async (bundle: Bundle): Promise<Failure | null> => {
    const signed = await signerOf(edges, bundle, signers);
    if (signed.ok) return null;
    refused.push(signed.error);
    return signed.error;
  };
  const refusalOf: BundleRefusal = (bundle) => {
    const asked = known.get(bundle.folder) ?? ask(bundle);
    known.set(bundle.folder, asked);
    return asked;
  };
  return { refusalOf, refused };
}

/** A store whose bundles of elsewhere are those that somebody has signed who may. The others are problems, by their names. */
export function signedStore(store: ProofStore, refusalOf: BundleRefusal): ProofStore {
  return {
    ...store,
    async find(workKey) {
      const { bundles, problems } = await store.find(workKey);
      const kept: typeof bundles = [];
      for (const bundle of bundles) {
        const refusal = bundle.foreign ? await refusalOf(bundle) : null;
        if (refusal === null) kept.push(bundle);
        else problems.push({ ...refusal, severity: 'warning' });
      }
      return { bundles: kept, problems };
    },
    async put(bundle, origin) {
      const { workKey } = bundle.manifest.predicate;
      // What is here already keeps the origin that it has.
      const isNew = origin !== 'this-machine' && !(await store.has(workKey, bundle.proofDigest));
      const refusal = isNew ? await refusalOf(bundle) : null;
      if (refusal !== null) return ok({ warnings: [{ ...refusal, severity: 'warning' }] });
      return store.put(bundle, origin);
    },
  };
}
