import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { resultEnvelopeSchema, type ProofManifest, type ResultEnvelope } from '@nx-wave/schemas';
import { canonicalJson, sha256 } from '@nx-wave/schemas/plain';
import { resultDigestOf } from '../../packages/wave-plugin/src/core/digest/result-digest';
import { judgementOf } from '../../packages/wave-plugin/src/core/result/judgement';
import { blobOf } from '../histories/agent.cjs';

/** A kind of byte of a file, and where the first of it stands after the middle. */
const byteClasses: readonly [name: string, holds: (byte: number) => boolean][] = [
  ['digit', (byte) => byte >= 0x30 && byte <= 0x39],
  ['letter', (byte) => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a],
  ['quote', (byte) => byte === 0x22],
  ['bracket', (byte) => [0x5b, 0x5d, 0x7b, 0x7d].includes(byte)],
  ['white space', (byte) => byte === 0x20 || byte === 0x0a],
  ['other sign', (byte) => byte > 0x20 && byte < 0x30 && byte !== 0x22],
  ['no text', (byte) => byte < 0x09 || byte > 0x7e],
];

/** What is done to stored bytes; a row of the table is one kind in one place. */
export type Kind =
  | 'flipped'
  | 'truncated or removed'
  | 'swapped or replayed'
  | 'forged, digests right'
  | 'forged, honest by every rule';

/** Where each digest begins that a text holds. */
const digestsOf = (bytes: Buffer) =>
  [...bytes.toString('latin1').matchAll(/(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])/g)].map(
    ({ index }) => index,
  );

/** One change to one file. */
export interface FileChange {
  kind: Kind;
  name: string;
  /** Null: the file goes. The bytes themselves: there is nothing of that sort in it. */
  change(bytes: Buffer, others: readonly Buffer[]): Buffer | null;
}

/** Every class of bytes flipped at its first, a middle and its last place, what is cut short, and another file's bytes in its place. */
export const fileChanges: readonly FileChange[] = [
  ...byteClasses.flatMap(([name, holds]) =>
    [0, 0.5, 1].map((part): FileChange => ({
      kind: 'flipped',
      name: `${name} flipped`,
      change(bytes) {
        const places = [...bytes.keys()].filter((at) => holds(bytes[at] ?? 0));
        const at = places[Math.round(part * (places.length - 1))];
        if (at === undefined) return bytes;
        const changed = Buffer.from(bytes);
        // A digit stays a digit, and a letter a letter: what is still well formed is what deceives.
        changed[at] = (changed[at] ?? 0) ^ 1;
        return changed;
      },
    })),
  ),
  ...[0, 0.5, 1].map((part): FileChange => ({
    kind: 'flipped',
    name: 'digest flipped',
    change(bytes) {
      const places = digestsOf(bytes);
      const at = places[Math.round(part * (places.length - 1))];
      if (at === undefined) return bytes;
      const changed = Buffer.from(bytes);
      // Another digit of a digest.
      changed[at] = changed[at] === 0x30 ? 0x31 : 0x30;
      return changed;
    },
  })),
  ...[0, 0.5].map((part): FileChange => ({
    kind: 'truncated or removed',
    name: part === 0 ? 'emptied' : 'cut in half',
    change: (bytes) => bytes.subarray(0, Math.floor(part * bytes.length)),
  })),
  {
    kind: 'truncated or removed',
    name: 'its last byte gone',
    change: (bytes) => bytes.subarray(0, Math.max(0, bytes.length - 1)),
  },
  { kind: 'truncated or removed', name: 'removed', change: () => null },
  { kind: 'flipped', name: 'a line end more', change: (bytes) => Buffer.concat([bytes, Buffer.from('\n')]) },
  {
    kind: 'swapped or replayed',
    name: 'another file in its place',
    change: (bytes, others) => others.find((other) => !other.equals(bytes)) ?? bytes,
  },
];

/** Files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Folders of bundles below a folder. */
export const bundlesBelow = (folder: string): string[] =>
  filesBelow(folder)
    .filter((path) => path.endsWith('/manifest.json'))
    .map(dirname);

/** The manifest of a bundle. */
export const readManifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as ProofManifest;

/** What a forger makes of a bundle; all digests of it fit again afterwards. */
export interface Forgery {
  name: string;
  /** Whether what it says is false in a way that work and rules show: then nothing may let it in, at any level of trust. */
  shows: boolean;
  forge(given: {
    predicate: ProofManifest['predicate'];
    envelope: ResultEnvelope;
    texts: Map<string, string>;
    other: ProofManifest['predicate'];
  }): void;
}

const put = (
  { predicate, texts }: { predicate: ProofManifest['predicate']; texts: Map<string, string> },
  path: string,
  text: string,
) => {
  const change = { path, before: null, after: { mode: '100644', oid: blobOf(text) } };
  predicate.changes = [...predicate.changes.filter((one) => one.path !== path), change];
  texts.set(change.after.oid, text);
};

const evil = 'an evil text that nobody of the wave wrote\n';

export const forgeries: readonly Forgery[] = [
  {
    name: 'other content, which its proof command refuses',
    shows: true,
    forge: (given) => put(given, given.predicate.changes[0]?.path ?? '', `broken\n${evil}`),
  },
  {
    name: 'a change outside of the ownership',
    shows: true,
    forge: (given) => put(given, 'src/base.txt', `fine\n${evil}`),
  },
  {
    name: 'a wider ownership in the manifest, and a change in it',
    shows: true,
    forge(given) {
      put(given, 'src/base.txt', `fine\n${evil}`);
      given.predicate.ownership = ['src/'];
    },
  },
  {
    name: 'a change above the workspace',
    shows: true,
    forge: (given) => put(given, '../evil.txt', `fine\n${evil}`),
  },
  {
    name: 'a change of the ledger',
    shows: true,
    forge: (given) => put(given, 'docs/plans/waves/wave-1.ledger/x.json', evil),
  },
  {
    name: 'the bundle of another agent',
    shows: true,
    forge: ({ predicate, other }) =>
      void Object.assign(predicate, {
        ...other,
        workKey: predicate.workKey,
        acceptanceKey: predicate.acceptanceKey,
      }),
  },
  {
    name: 'the name of another agent',
    shows: true,
    forge: ({ predicate, other }) => void (predicate.agentId = other.agentId),
  },
  {
    name: 'the envelope of another agent',
    shows: true,
    forge: ({ envelope, other }) => void (envelope.agentId = other.agentId),
  },
  {
    name: 'an artifact above the workspace',
    shows: true,
    forge: ({ predicate }) =>
      void predicate.artifacts.push({ path: '../../evil.txt', sha256: sha256(evil) } as never),
  },
  {
    name: 'another result than that of its changes',
    shows: true,
    forge: ({ predicate }) => void (predicate.resultDigest = sha256('another')),
  },
  {
    name: 'well-formed work that another prompt gave (replayed under the present key)',
    shows: false,
    forge: (given) => put(given, given.predicate.changes[0]?.path ?? '', `fine\n${evil}`),
  },
];

/** Forges a bundle in its place: a folder that is named by its digest gets the new name. */
export function forge(folder: string, forgery: Forgery, other: ProofManifest['predicate']): string {
  const manifest = readManifest(folder);
  const envelope = resultEnvelopeSchema.parse(
    JSON.parse(readFileSync(join(folder, 'envelope.json'), 'utf8')),
  ) as ResultEnvelope;
  const texts = new Map<string, string>();
  const before = JSON.stringify(manifest.predicate.resultDigest);
  forgery.forge({ predicate: manifest.predicate, envelope, texts, other: structuredClone(other) });
  const { predicate } = manifest;
  if (texts.size > 0) pack(folder, [...texts.values()]);
  const said = { records: [], facts: [], components: [], judgement: judgementOf(envelope) };
  if (JSON.stringify(predicate.resultDigest) === before)
    predicate.resultDigest = resultDigestOf(predicate, said);
  writeFileSync(join(folder, 'envelope.json'), `${canonicalJson(envelope)}\n`);
  rmSync(join(folder, 'manifest.json.sig'), { force: true });
  manifest.subject = filesBelow(folder)
    .map((path) => ({ name: path.slice(folder.length + 1), path }))
    .filter(({ name }) => name !== 'manifest.json')
    .map(({ name, path }) => ({ name, digest: { sha256: sha256(readFileSync(path)) } }));
  const text = `${canonicalJson(manifest)}\n`;
  writeFileSync(join(folder, 'manifest.json'), text);
  if (!/[0-9a-f]{64}$/.test(folder)) return folder;
  const renamed = join(dirname(folder), sha256(text));
  if (renamed !== folder) renameSync(folder, renamed);
  return renamed;
}

/** A pack of what the bundle had and of the new texts. */
function pack(folder: string, texts: readonly string[]): void {
  const home = mkdtempSync(join(dirname(folder), '.forge-'));
  const git = (args: string[], input?: string | Buffer) =>
    execFileSync('git', args, { cwd: home, ...(input === undefined ? {} : { input }), maxBuffer: 2 ** 26 });
  try {
    git(['init', '-q', '--bare', '.']);
    const file = join(folder, 'objects.pack');
    if (existsSync(file)) git(['unpack-objects', '-q'], readFileSync(file));
    for (const text of texts) git(['hash-object', '-w', '--stdin'], text);
    const all = git(['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']);
    writeFileSync(file, git(['pack-objects', '--stdout', '-q'], all));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export function replaceFile(path: string, bytes: Buffer | null): void {
  rmSync(path, { force: true });
  if (bytes !== null) writeFileSync(path, bytes);
}
