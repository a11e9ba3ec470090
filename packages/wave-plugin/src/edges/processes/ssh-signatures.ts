import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { principalsOf, signatureLimitBytes, signatureNamespace } from '../../core/trust/signatures';
import { removePath } from '../files/remove';
import { writeScratch } from '../files/write-file';
import { runToEnd, type ProgramOutput } from './start-program';

/** Bytes, the signature of them, and who may sign. */
export interface SignedBytes {
  message: string | Uint8Array;
  /** Armoured, as `ssh-keygen -Y sign` writes it. */
  signature: string;
  /** Text of an `allowed_signers` file. */
  signers: string;
}

export interface SignatureEdge {
  /**
   * The armoured signature of these bytes by the key in a file: a private key, or a public one whose private half an ssh-agent
   * holds. Codes: signing-failed, trust-unsupported (no `ssh-keygen`).
   */
  sign(keyFile: string, message: string | Uint8Array): Promise<Result<string>>;
  /** The principal who signed. Codes: signature-refused, trust-unsupported (no `ssh-keygen`). */
  verify(signed: SignedBytes): Promise<Result<string>>;
}

/** What ssh-keygen needs of the environment: itself, the agent that holds a key, and a home for nothing else. */
const passed = ['PATH', 'HOME', 'SSH_AUTH_SOCK', 'SystemRoot'];

/** Signatures by `ssh-keygen -Y`. `folder` is private to this user: files for the program stand there for a moment. */
export function createSshSignatures(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): SignatureEdge {
  const own = Object.fromEntries(
    passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  ) as Record<string, string>;
  const run = async (args: string[], input?: string | Uint8Array): Promise<Result<ProgramOutput>> => {
    // Nobody is asked for a passphrase: there may be no one to answer.
    const options = { cwd: folder, env: { ...own, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' } };
    const ran = await runToEnd('ssh-keygen', args, { ...options, detached: true, input });
    return 'errorCode' in ran ? err(noKeygen(ran.errorCode)) : ok(ran);
  };
  return {
    async sign(keyFile, message) {
      const signed = await run(['-Y', 'sign', '-n', signatureNamespace, '-f', keyFile], message);
      if (!signed.ok) return signed;
      const { code, stdout, stderr } = signed.value;
      const text = stdout.toString('utf8');
      if (code === 0 && text.startsWith('-----BEGIN SSH SIGNATURE-----')) return ok(text);
      return err(signingFailed(`ssh-keygen could not sign with it (${said(stderr)})`));
    },
    async verify({ message, signature, signers }) {
      if (signature.length > signatureLimitBytes) return err(refused('it is too long to be one'));
      const home = await mkdtemp(join(folder, 'signature-'));
      try {
        const [signatureFile, signersPath] = [join(home, 'signature'), join(home, 'signers')];
        for (const [path, text] of [
          [signatureFile, signature],
          [signersPath, signers],
        ] as const) {
          const written = await writeScratch(path, text);
          if (!written.ok) return written;
        }
        const files = ['-s', signatureFile, '-f', signersPath];
        const found = await run(['-Y', 'find-principals', ...files]);
        if (!found.ok) return found;
        const [principal] = found.value.code === 0 ? principalsOf(found.value.stdout.toString('utf8')) : [];
        if (principal === undefined)
          return err(refused(`its key is none of the list (${said(found.value.stderr)})`));
        const checked = await run(
          ['-Y', 'verify', '-n', signatureNamespace, '-I', principal, ...files],
          message,
        );
        if (!checked.ok) return checked;
        const { code, stdout, stderr } = checked.value;
        if (code === 0) return ok(principal);
        return err(refused(`ssh-keygen does not accept it (${said(stdout, stderr)})`));
      } finally {
        await removePath(home);
      }
    },
  };
}

/** The last words of ssh-keygen, in one line. */
function said(...outputs: Buffer[]): string {
  const lines = outputs.flatMap((one) => one.toString('utf8').trim().split('\n')).filter(Boolean);
  return (
    lines
      .at(-1)
      ?.replace(/[^\x20-\x7e]/g, '?')
      .slice(0, 200) ?? 'no message'
  );
}

/** Why a signature does not count. Where it stands and what it signs is for the caller to add. */
function refused(why: string): Failure {
  return failure('signature-refused', `The signature does not count: ${why}.`);
}

/** Why nothing can be signed. */
export function signingFailed(why: string): Failure {
  return failure('signing-failed', `NX_WAVE_SIGNING_KEY names a key, and ${why}.`, {
    next: 'Name the file of a private SSH key without passphrase, or of a public key that your ssh-agent holds; or unset NX_WAVE_SIGNING_KEY to sign nothing.',
  });
}

function noKeygen(code: string): Failure {
  return failure(
    'trust-unsupported',
    `ssh-keygen, which makes and checks signatures, cannot be started (${code}).`,
    {
      next: 'Install the OpenSSH client (8.2 or newer), or set trust to "reprove" in wave.config.json.',
    },
  );
}
