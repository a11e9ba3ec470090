import { join } from 'node:path';
import { proofManifestSchema, type BundlePredicate, type ProofManifest } from '@nx-wave/schemas';
import { parseJson } from '../../core/parse-json';
import { signatureLimitBytes, signatureSuffix } from '../../core/trust/signatures';
import { canonicalJson, err, failure, ok, sha256, type Result } from '@nx-wave/schemas/plain';
import { errorCode } from '../files/io-errors';
import { listFiles } from '../files/list-folder';
import { lstatOrNull } from '../files/stat';
import { hashFile, readText } from '../files/read-file';
import { writeUnflushed } from '../files/write-file';

/** The files of a bundle that have a name of their own. */
export const bundleFiles = {
  manifest: 'manifest.json',
  /** Of the manifest, and so of every byte that it names. It is in no manifest itself. */
  signature: `manifest.json${signatureSuffix}`,
  envelope: 'envelope.json',
  patch: 'changes.patch',
  objects: 'objects.pack',
  prompt: 'prompt.md',
  transcript: 'transcript.jsonl',
  events: 'events.jsonl',
  artifacts: 'artifacts',
  /** What the proof is worth, as an in-toto statement of its own. */
  testResult: 'test-result.json',
  /** Folder with prompt and transcript of the pass that asked for the envelope again. */
  repair: 'repair',
} as const;

export interface Bundle {
  folder: string;
  manifest: ProofManifest;
  /** sha256 of the manifest's bytes: the identity of the proof. */
  proofDigest: string;
}

/** What a bundle may have at most: beyond it, reading it would cost more than the agent. */
export interface BundleLimits {
  manifestBytes: number;
  files: number;
  totalBytes: number;
}

export const defaultBundleLimits: BundleLimits = {
  manifestBytes: 64 * 2 ** 20,
  files: 50_000,
  totalBytes: 4 * 2 ** 30,
};

/** Files that no manifest lists: it and its signature. */
const unlisted: readonly string[] = [bundleFiles.manifest, bundleFiles.signature];

/** Writes the manifest over every file that the folder holds. Nothing is flushed: that is for whoever puts the folder into place. */
export async function sealBundle(folder: string, predicate: BundlePredicate): Promise<Result<Bundle>> {
  const { files, refused } = await listFiles(folder);
  if (refused.length > 0)
    return err(bundleInvalid(folder, `it holds links or special files: ${refused.join(', ')}`));
  const subject = [];
  for (const file of files) {
    if (unlisted.includes(file.path)) continue;
    subject.push({ name: file.path, digest: { sha256: (await hashFile(file.absolute)) ?? '' } });
  }
  const manifest: ProofManifest = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://nx-wave.dev/attestation/proof-bundle/v1',
    predicate,
  };
  const checked = proofManifestSchema.safeParse(manifest);
  if (!checked.success)
    throw new Error(`sealBundle: the manifest breaks its schema: ${checked.error.message}`);
  const text = `${canonicalJson(manifest)}\n`;
  const written = await writeUnflushed(join(folder, bundleFiles.manifest), text);
  if (!written.ok) return written;
  return ok({ folder, manifest, proofDigest: sha256(text) });
}

/**
 * Reads a bundle and believes nothing of it: every file must be listed with its right hash, every listed file must be
 * there, and nothing else may be.
 */
export async function readBundle(
  folder: string,
  limits: BundleLimits = defaultBundleLimits,
): Promise<Result<Bundle>> {
  try {
    return await readChecked(folder, limits);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return err(bundleInvalid(folder, `it cannot be read (${code})`));
  }
}

async function readChecked(folder: string, limits: BundleLimits): Promise<Result<Bundle>> {
  const path = join(folder, bundleFiles.manifest);
  const info = await lstatOrNull(path);
  if (info === null) return err(failure('bundle-missing', `There is no proof bundle in ${folder}.`));
  // Before anything is opened: a pipe would never answer, a link lead elsewhere.
  if (!info.isFile()) return err(bundleInvalid(folder, 'its manifest is no regular file'));
  if (info.size > limits.manifestBytes) return err(bundleInvalid(folder, 'its manifest is too large'));
  const { files, refused } = await listFiles(folder, limits.files);
  if (refused.length > 0)
    return err(bundleInvalid(folder, `it holds links or special files: ${refused.slice(0, 5).join(', ')}`));
  if (files.length > limits.files)
    return err(bundleInvalid(folder, `it holds more than ${limits.files} files`));
  if (files.reduce((sum, { size }) => sum + size, 0) > limits.totalBytes)
    return err(bundleInvalid(folder, 'it is too large'));
  const text = (await readText(path)) ?? '';
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') return err(bundleInvalid(folder, manifest));
  const expected = new Map(manifest.subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const file of files) {
    if (file.path === bundleFiles.signature && file.size > signatureLimitBytes)
      return err(bundleInvalid(folder, 'its signature is too large'));
    if (unlisted.includes(file.path)) continue;
    const digest = expected.get(file.path);
    if (digest === undefined) return err(bundleInvalid(folder, `${file.path} is not in its manifest`));
    if (digest !== (await hashFile(file.absolute)))
      return err(bundleInvalid(folder, `${file.path} does not have the recorded hash`));
    expected.delete(file.path);
  }
  const [absent] = expected.keys();
  if (absent !== undefined) return err(bundleInvalid(folder, `${absent} is missing`));
  const lying = manifest.predicate.artifacts.find(
    ({ path: name, sha256: digest }) =>
      !manifest.subject.some(
        (one) => one.name === `${bundleFiles.artifacts}/${name}` && one.digest.sha256 === digest,
      ),
  );
  if (lying !== undefined)
    return err(
      bundleInvalid(folder, `it does not hold the artifact ${JSON.stringify(lying.path)} that it names`),
    );
  return ok({ folder, manifest, proofDigest: sha256(text) });
}

/** The digests by which others speak of a bundle: its own and that of its work. Nothing is checked. */
export async function readManifestDigests(folder: string): Promise<string[]> {
  const path = join(folder, bundleFiles.manifest);
  if (!((await lstatOrNull(path))?.isFile() ?? false)) return [];
  const text = (await readText(path)) ?? '';
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') return [sha256(text)];
  return [sha256(text), manifest.predicate.workKey];
}

/** The manifest, or why the text is none. */
function parseManifest(text: string): ProofManifest | string {
  const value = parseJson(text);
  if (value === undefined) return 'its manifest is not JSON';
  const parsed = proofManifestSchema.safeParse(value);
  return parsed.success ? parsed.data : 'its manifest breaks the schema';
}

/** Why a bundle, or a store of them, is not used. */
export function bundleInvalid(folder: string, why: string) {
  return failure('bundle-invalid', `The proof bundle in ${folder} is not used: ${why}.`, {
    place: { path: folder },
    next: 'Delete that folder, or run the agent again: a bundle that was changed proves nothing.',
  });
}
