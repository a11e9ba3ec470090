import { join } from 'node:path';
import { proofManifestSchema, type BundlePredicate, type ProofManifest } from '@nx-wave/schemas';
import { canonicalJson, err, failure, ok, sha256, type Result } from '@nx-wave/schemas/plain';
import { hashFile, listFiles, readText, writeDurable } from '../files/file-edge';

/** The files of a bundle that have a name of their own. */
export const bundleFiles = {
  manifest: 'manifest.json',
  envelope: 'envelope.json',
  patch: 'changes.patch',
  objects: 'objects.pack',
  prompt: 'prompt.md',
  transcript: 'transcript.jsonl',
  events: 'events.jsonl',
  artifacts: 'artifacts',
} as const;

export interface Bundle {
  folder: string;
  manifest: ProofManifest;
  /** sha256 of the manifest's bytes: the identity of the proof. */
  proofDigest: string;
}

/** Writes the manifest over every file that the folder holds, and reads the bundle back. */
export async function sealBundle(folder: string, predicate: BundlePredicate): Promise<Result<Bundle>> {
  const { files, refused } = await listFiles(folder);
  if (refused.length > 0)
    return err(invalid(folder, `it holds links or special files: ${refused.join(', ')}`));
  const subject = [];
  for (const file of files) {
    if (file.path === bundleFiles.manifest) continue;
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
  const written = await writeDurable(join(folder, bundleFiles.manifest), text);
  if (!written.ok) return written;
  return ok({ folder, manifest, proofDigest: sha256(text) });
}

/**
 * Reads a bundle and believes nothing of it: every file must be listed with its right hash, every listed file must be
 * there, and nothing else may be.
 */
export async function readBundle(folder: string): Promise<Result<Bundle>> {
  const text = await readText(join(folder, bundleFiles.manifest));
  if (text === null) return err(failure('bundle-missing', `There is no proof bundle in ${folder}.`));
  let manifest: ProofManifest;
  try {
    const parsed = proofManifestSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return err(invalid(folder, 'its manifest breaks the schema'));
    manifest = parsed.data;
  } catch {
    return err(invalid(folder, 'its manifest is not JSON'));
  }
  const { files, refused } = await listFiles(folder);
  if (refused.length > 0)
    return err(invalid(folder, `it holds links or special files: ${refused.join(', ')}`));
  const expected = new Map(manifest.subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const file of files) {
    if (file.path === bundleFiles.manifest) continue;
    const digest = expected.get(file.path);
    if (digest === undefined) return err(invalid(folder, `${file.path} is not in its manifest`));
    if (digest !== (await hashFile(file.absolute)))
      return err(invalid(folder, `${file.path} does not have the recorded hash`));
    expected.delete(file.path);
  }
  const [absent] = expected.keys();
  if (absent !== undefined) return err(invalid(folder, `${absent} is missing`));
  return ok({ folder, manifest, proofDigest: sha256(text) });
}

function invalid(folder: string, why: string) {
  return failure('bundle-invalid', `The proof bundle in ${folder} is not used: ${why}.`, {
    place: { path: folder },
    next: 'Delete that folder, or run the agent again: a bundle that was changed proves nothing.',
  });
}
