/** Where signatures of ours count (`ssh-keygen -Y sign -n`): one that was made for git, or for another tool, is none. */
export const signatureNamespace = 'nx-wave';

/** Behind the name of a file: the name of its signature, as `ssh-keygen` calls it. */
export const signatureSuffix = '.sig';

/** Who may sign: an `allowed_signers` file of ssh-keygen(1) at the top of the workspace. Taken from a commit, never from the working tree. */
export const signersFile = 'wave.allowed_signers';

/** Names the file of the key that bundles and closures are signed with. Nothing of it is in any configuration file. */
export const signingKeyVariable = 'NX_WAVE_SIGNING_KEY';

/** Bytes that a signature may have at most: one of RSA with 16,384 bits has less than six thousand. */
export const signatureLimitBytes = 64 * 1024;

/**
 * The principals that `ssh-keygen -Y find-principals` tells, one a line. Signed by a key that several stand for, the first one
 * is named.
 */
export function principalsOf(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
