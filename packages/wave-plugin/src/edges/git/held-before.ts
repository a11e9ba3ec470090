import { type Checkout } from './contracts';
import { type CheckoutOwner, runnerGit, stateOf } from './checkout-state';
import { readBlobs } from './read-file-at';
import { type GitPlace, runGit, userGitEnv } from './run-git';

/** More lists than these are not looked for in the commit: one git process each. */
const mostSearches = 50;

/**
 * For each list of texts, whether one of them stands in one of the blobs or in any file of the checked-out commit of the
 * user, binary ones included. The texts go through a pipe: they may be secrets, and everybody can read a command line.
 */
export async function heldBefore(
  { host, registry }: CheckoutOwner,
  checkout: Checkout,
  { texts, blobs }: { texts: readonly string[][]; blobs: readonly string[] },
): Promise<boolean[]> {
  const state = stateOf(registry, checkout);
  if (texts.length === 0 || !state.ok) return texts.map(() => false);
  const { env } = await runnerGit(host, checkout, state.value);
  const at = { cwd: checkout.root, env };
  const images = blobs.length === 0 ? null : await readBlobs(at, blobs);
  const before = images?.ok ? [...images.value.values()] : [];
  const user = { cwd: state.value.repo.topLevel, env: userGitEnv(host) };
  const head = await runGit(['rev-parse', '--verify', 'HEAD^{tree}'], user);
  const tree = head.ok ? head.value.stdout.toString().trim() : null;
  const held: boolean[] = [];
  for (const [position, list] of texts.entries()) {
    const inImage = before.some((image) => list.some((text) => image.includes(text)));
    const isAsked = !inImage && tree !== null && position < mostSearches;
    held.push(inImage || (isAsked && (await isInTree(at, tree, list))));
  }
  return held;
}

async function isInTree(at: GitPlace, tree: string, texts: readonly string[]): Promise<boolean> {
  const input = Buffer.from(`${texts.join('\n')}\n`);
  const found = await runGit(['grep', '-q', '-a', '-F', '-f', '-', tree], { ...at, input, answers: [0, 1] });
  return found.ok && found.value.code === 0;
}
