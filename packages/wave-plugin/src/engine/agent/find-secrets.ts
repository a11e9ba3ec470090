import { join } from 'node:path';
import type { Artifact, FileChange } from '@nx-wave/schemas';
import type { SecretSighting, SecretsSeen } from '../../core/verify/slice-evidence';
import { placeInside } from '../../edges/files/place-inside';
import { readRegular } from '../../edges/files/read-file';
import { linkTarget } from '../../edges/files/stat';
import type { Checkout } from '../../edges/git/contracts';
import {
  createSecretSearch,
  knownSecrets,
  type SecretHit,
  type SecretSearch,
} from '../../edges/processes/known-secrets';
import type { Session } from '../session/session';

/** A file of more bytes is not looked through, which is said. */
const longestFile = 32 * 2 ** 20;
type Searched = Pick<Session, 'edges' | 'secrets' | 'redactor'>;
interface Slice {
  changes: readonly FileChange[];
  artifacts: readonly Artifact[];
}
type Found = SecretHit & { path: string; inName: boolean };

/**
 * Values of the command's secret variables that a slice adds: they stand in a file, a link or a name of it as the
 * checkout has them, and stood nowhere before, as a line does that was only moved.
 */
export async function findSecrets(session: Searched, checkout: Checkout, slice: Slice): Promise<SecretsSeen> {
  const { edges, secrets, redactor } = session;
  const known = knownSecrets(edges.env, secrets.names);
  if (known.length === 0) return { sightings: [], unsearched: [] };
  const search = createSecretSearch(known);
  const found: Found[] = [];
  const unsearched: string[] = [];
  for (const { path, isNew, mode } of entriesOf(slice)) {
    if (isNew) found.push(...search(path).map((hit) => ({ ...hit, path, inName: true })));
    const text = await textOf(checkout.workspaceDir, path, mode);
    if (text === null) unsearched.push(path);
    else found.push(...searchFile(search, path, text));
  }
  const sightings: SecretSighting[] = [];
  for (const { path, inName, line, secret } of await newOnes(session, { checkout, slice, found })) {
    const one = { variable: secret.variable, certain: secret.certain, line: inName ? null : line };
    sightings.push({ ...one, path: redactor.redact(path) });
  }
  return {
    sightings: onePerVariable(sightings),
    unsearched: unsearched.map((path) => redactor.redact(path)),
  };
}

function entriesOf({ changes, artifacts }: Slice) {
  return [
    ...changes.flatMap(({ path, before, after }) =>
      after === null || after.mode === '160000' ? [] : [{ path, isNew: before === null, mode: after.mode }],
    ),
    ...artifacts.map(({ path }) => ({ path, isNew: true, mode: '100644' })),
  ];
}

async function textOf(root: string, path: string, mode: string): Promise<string | null> {
  if (mode === '120000') return linkTarget(join(root, path));
  const place = await placeInside(root, path);
  return place === null ? null : readRegular(place, longestFile);
}

function searchFile(search: SecretSearch, path: string, text: string): Found[] {
  return search(text).map((hit) => ({ ...hit, path, inName: false }));
}

/** Those whose value stood nowhere before, as it is or as it was found: not in a changed file, not in the commit. */
async function newOnes(
  { edges }: Searched,
  { checkout, slice, found }: { checkout: Checkout; slice: Slice; found: readonly Found[] },
): Promise<Found[]> {
  const distinct = new Map(found.map((hit) => [hit.found, hit]));
  // A value of several lines stood where its longest line did.
  const texts = [...distinct.values()].map((hit) => [longestLine(hit.found), longestLine(hit.secret.text)]);
  const blobs = [...new Set(slice.changes.flatMap(({ before }) => before?.oid ?? []))];
  const held = await edges.git.heldBefore(checkout, { texts, blobs });
  const old = new Set([...distinct.keys()].filter((_found, position) => held[position] === true));
  return found.filter((hit) => !old.has(hit.found));
}

function longestLine(text: string): string {
  return text.split('\n').reduce((longest, line) => (line.length > longest.length ? line : longest), '');
}

/** The first place of each variable in each file, certain ones first: one line for a person to act on. */
function onePerVariable(sightings: readonly SecretSighting[]): SecretSighting[] {
  const firsts = new Map<string, SecretSighting>();
  for (const one of sightings) {
    const key = JSON.stringify([one.path, one.variable]);
    const first = firsts.get(key);
    if (first === undefined || (one.certain && !first.certain)) firsts.set(key, one);
  }
  return [...firsts.values()].sort((a, b) => {
    const [left, right] = [a, b].map(({ path, variable }) => JSON.stringify([path, variable]));
    return (left ?? '') < (right ?? '') ? -1 : 1;
  });
}
