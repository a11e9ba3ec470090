import { join, posix } from 'node:path';
import { closureSchema, type Closure } from '@nx-wave/schemas';
import { failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { describeDifference, whatListLacks } from '../../core/trust/closing-files';
import { compareLists, parseDigestList, type ListedFile } from '../../core/trust/digest-list';
import { signatureSuffix, signersFile } from '../../core/trust/signatures';
import { parseJson } from '../../core/parse-json';
import { readCommittedFile, type CommittedFile } from '../../edges/git/committed-file';
import { readRegular } from '../../edges/files/read-file';
import { readBundle } from '../../edges/store/bundle';
import { patchedTree } from '../../edges/git/patched-tree';
import { readProve, type ProveRecord } from '../slices/prove-record';
import { openHome } from '../slices/scratch-home';
import { signerOf } from '../session/signatures';
import type { Session } from '../session/session';
import { presentFiles, type PresentFiles } from './closing-list';

/** Whose signatures count: a file of a commit, whatever stands in the working tree. */
export interface SignersAsk {
  /** Workspace-relative; `wave.allowed_signers` where absent. */
  path?: string;
  /** Anything that names a commit; `HEAD` where absent. */
  revision?: string;
}

/** What the check of a signed closing saw. */
export interface SignedReport {
  /** The commit that the signers were taken from. */
  commit: string;
  /** Who has signed the closing; null where nobody has who may. */
  signer: string | null;
  /** Files that the signed list names. */
  files: number;
  /** What could not be held against anything. */
  unchecked: string[];
  failures: Failure[];
}

/** What every check of a closing gets: read once, believed by none. */
export interface ClosingEvidence {
  record: Closure;
  signers: string;
  /** Bytes of the list, and the signature beside it; null where there is none. */
  list: Buffer;
  signature: string | null;
  /** Null where the bytes are no list. */
  named: ListedFile[] | null;
  present: PresentFiles;
  /** The tree that the wave was proved on; null where it cannot be told, for which `unchecked` has the reason. */
  base: string | null;
  unchecked: string[];
}

/** Finds what is wrong, in words for people; a failure where it cannot look, which says nothing about the closing. */
export type ClosingCheck = (
  session: Session,
  evidence: ClosingEvidence,
  ask: SignersAsk,
) => Promise<string[] | Failure>;

/** Every check by its name. Each refuses something that no other one does; a test takes each away in turn. */
export const closingChecks: Readonly<Record<string, ClosingCheck>> = {
  /** Somebody who may has signed these very bytes. */
  signature: async ({ edges }, { list, signature, signers }) => {
    if (signature === null) return ['nobody has signed it'];
    const signed = await edges.signatures.verify({ message: list, signature, signers });
    if (signed.ok) return [];
    return signed.error.code === 'signature-refused' ? [signed.error.message] : signed.error;
  },
  /** Every file is what was listed, and none has come or gone. */
  files: (_, { named, present }) =>
    Promise.resolve([
      ...(named === null
        ? ['it is no list of files']
        : describeDifference(compareLists(named, present.files))),
      ...present.strange.map((path) => `${path} is no regular file`),
    ]),
  /** The list is the one of this closing. */
  record: ({ paths, wave }, { named, present, record }) => {
    const below = (path: string) => path.slice(wave.identity.launcherDir.length + 1);
    const files = { closure: below(paths.closure), patch: below(paths.closurePatch) };
    return Promise.resolve([
      ...(named === null ? [] : whatListLacks(named, files, record)),
      ...present.absent.map((unitId) => `the proof of ${unitId} is not there`),
    ]);
  },
  /** Each proof was signed by somebody who may when it was made: signing a closing does not make up for that. */
  proofs: async (session, { present, signers }) => {
    const root = session.at(session.wave.identity.launcherDir);
    const folders = present.files
      .filter(({ path }) => /^results\/.*\/attempt-\d+\/[^/]+\/manifest\.json$/.test(path))
      .map(({ path }) => join(root, path.slice(0, -'/manifest.json'.length)));
    const found: string[] = [];
    for (const folder of folders) {
      const bundle = await readBundle(folder);
      const signed = bundle.ok ? await signerOf(session.edges, bundle.value, signers) : bundle;
      if (signed.ok) continue;
      if (signed.error.code === 'trust-unsupported') return signed.error;
      found.push(signed.error.message);
    }
    return found;
  },
  /** The patch makes the proven tree of the tree that it was proved on. */
  tree: async (session, { base, record }) => {
    if (base === null) return [];
    const scratch = await openHome(session, 'verify');
    try {
      const made = await patchedTree(session.repo, session.edges.env, {
        tree: base,
        patchFile: session.at(session.paths.closurePatch),
        into: scratch.path,
      });
      if (!made.ok) return made.error;
      if (made.value === record.mergedTree) return [];
      return [`its patch does not make the tree ${record.mergedTree} of ${base}`];
    } finally {
      await scratch.close();
    }
  },
  /** A wave does not rule by whom it is checked. */
  signers: (_, { record }, { path = signersFile }) =>
    Promise.resolve(
      record.changes.some((change) => change.path === path)
        ? [`the wave itself changes ${path}; name a commit from before it with --signers-from`]
        : [],
    ),
};

/**
 * Checks a closed wave against its signed list. Starts nothing but git and ssh-keygen. Codes in the report: signature-refused,
 * closure-missing, trust-unsupported, option-invalid, git-failed, disk-full.
 */
export async function verifySigned(
  session: Session,
  asked: SignersAsk,
  checks: Readonly<Record<string, ClosingCheck>> = closingChecks,
): Promise<SignedReport> {
  const { identity } = session.wave;
  const place = { wave: identity.project, path: session.paths.closureList };
  // As the record writes paths: `./signers` is the file that a wave may have changed, too.
  const ask = { ...asked, path: posix.normalize(asked.path ?? signersFile) };
  const listed = await readSigners(session, ask);
  const nothing = { signer: null, files: 0, unchecked: [] };
  if (!listed.ok) return { ...nothing, commit: '', failures: [listed.error] };
  const { commit, text: signers } = listed.value;
  const evidence = await readEvidence(session, signers);
  if (!evidence.ok) return { ...nothing, commit, failures: [evidence.error] };
  const failures: Failure[] = [];
  for (const check of Object.values(checks)) {
    const found = await check(session, evidence.value, ask);
    if (!Array.isArray(found)) {
      failures.push(found);
      break;
    }
    for (const why of found)
      failures.push(
        failure(
          'signature-refused',
          `The closing of ${identity.project} is not the one that was signed: ${why}`,
          {
            place,
            next: `Do not land it. Take the files from where they were signed again, or run nx run ${identity.project}:launch with a key that ${signersFile} names.`,
          },
        ),
      );
  }
  const { list, signature, named, unchecked } = evidence.value;
  const signed =
    signature === null || failures.length > 0
      ? null
      : await session.edges.signatures.verify({ message: list, signature, signers });
  return { commit, signer: signed?.ok ? signed.value : null, files: named?.length ?? 0, unchecked, failures };
}

async function readSigners(
  { repo, edges, wave }: Session,
  { path = signersFile, revision = 'HEAD' }: SignersAsk,
): Promise<Result<Required<{ [Key in keyof CommittedFile]: string }>>> {
  const read = await readCommittedFile(repo, edges.env, { revision, path });
  if (!read.ok) return read;
  const { commit, text } = read.value;
  if (text !== null) return ok({ commit, text });
  return {
    ok: false,
    error: failure('trust-unsupported', `Commit ${commit.slice(0, 12)} has no ${path}: nobody may sign.`, {
      place: { wave: wave.identity.project, path },
      next: `Name the file by its path in that commit, or another commit with --signers-from.`,
    }),
  };
}

async function readEvidence(session: Session, signers: string): Promise<Result<ClosingEvidence>> {
  const { paths, wave } = session;
  const { project } = wave.identity;
  const refuse = (code: 'closure-missing' | 'signature-refused', message: string, path: string) => ({
    ok: false as const,
    error: failure(code, message, { place: { wave: project, path }, next: `nx run ${project}:launch` }),
  });
  const parsed = closureSchema.safeParse(
    parseJson(await readRegular(session.at(paths.closure), recordLimit)),
  );
  if (!parsed.success || parsed.data.state !== 'closed')
    return refuse('closure-missing', `${project} has no record of its closing.`, paths.closure);
  if (parsed.data.landed)
    return refuse(
      'closure-missing',
      `${project} has landed: its record is made from the ledger. What was signed are the files that were kept when it closed.`,
      paths.closure,
    );
  const list = await readRegular(session.at(paths.closureList), recordLimit);
  if (list === null)
    return refuse('signature-refused', `The closing of ${project} was never signed.`, paths.closureList);
  const prove = await readProve(session);
  const signature = await readRegular(session.at(paths.closureList + signatureSuffix), recordLimit);
  return ok({
    record: parsed.data,
    signers,
    // Bytes that are no UTF-8 become others here, which nobody has signed.
    list: Buffer.from(list),
    signature,
    named: parseDigestList(list),
    present: await presentFiles(session, paths, parsed.data),
    ...baseOf(prove, parsed.data),
  });
}

/** The tree that the patch is held against, or why there is none. */
function baseOf(
  prove: ProveRecord | null,
  { mergedTree }: Closure,
): Pick<ClosingEvidence, 'base' | 'unchecked'> {
  const without = (why: string) => ({
    base: null,
    unchecked: [`${why}: its patch was held against no tree`],
  });
  if (prove === null) return without('nothing says which tree it was proved on');
  if ((prove.uncommitted ?? []).length > 0) return without('it was closed on files that were in no commit');
  if (mergedTree === null) return without('its record names no tree that was proved');
  return { base: prove.baseTree, unchecked: [] };
}

/** Bytes that a record or a signature may have. */
const recordLimit = 64 * 2 ** 20;

/** Options of the commands that verify. */
export interface SignersOptions {
  /** The list of signers by its path in the workspace, as the commit has it. */
  allowedSigners?: string;
  /** The commit that the list is taken from. */
  signersFrom?: string;
}

/** What options and configuration ask for: signatures count where somebody names signers or a commit, or trust is `signed`. */
export function signersAsk(
  { wave }: Session,
  { allowedSigners, signersFrom }: SignersOptions,
): SignersAsk | undefined {
  if (allowedSigners === undefined && signersFrom === undefined && wave.settings.trust !== 'signed')
    return undefined;
  return {
    ...(allowedSigners === undefined ? {} : { path: allowedSigners }),
    ...(signersFrom === undefined ? {} : { revision: signersFrom }),
  };
}
