import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The filter program, in the long-running form that gitattributes(5) describes under `process`: what is stored is a
 * pointer, the content lies in a store of its own, as with git-lfs.
 */
const program = String.raw`
const { appendFileSync, existsSync, mkdirSync, readFileSync, readSync, writeFileSync, writeSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { dirname, join } = require('node:path');
const [store, log] = process.argv.slice(2);

function take(bytes) {
  const all = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; ) {
    const got = readSync(0, all, at, bytes - at, null);
    if (got === 0) process.exit(0);
    at += got;
  }
  return all;
}
function packets() {
  const list = [];
  for (;;) {
    const length = parseInt(take(4).toString(), 16);
    if (length === 0) return list;
    list.push(take(length - 4));
  }
}
function put(...list) {
  for (const one of list) {
    const body = Buffer.from(one);
    writeSync(1, (body.length + 4).toString(16).padStart(4, '0'));
    writeSync(1, body);
  }
  writeSync(1, '0000');
}
const placeOf = (oid) => join(store, 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
const version = 'version https://git-lfs.github.com/spec/v1\n';
function clean(input) {
  if (input.toString('latin1').startsWith(version)) return input;
  const oid = createHash('sha256').update(input).digest('hex');
  mkdirSync(dirname(placeOf(oid)), { recursive: true });
  writeFileSync(placeOf(oid), input);
  return version + 'oid sha256:' + oid + '\nsize ' + input.length + '\n';
}
function smudge(input) {
  const [, oid] = /\noid sha256:(\S+)/.exec(input.toString('latin1')) ?? [];
  return oid !== undefined && existsSync(placeOf(oid)) ? readFileSync(placeOf(oid)) : input;
}

packets();
put('git-filter-server\n', 'version=2\n');
packets();
put('capability=clean\n', 'capability=smudge\n');
for (;;) {
  const asked = packets().map(String).join('');
  appendFileSync(log, asked.split('\n').slice(0, 2).join(' ') + '\n');
  const input = Buffer.concat(packets());
  const output = Buffer.from(asked.includes('command=clean\n') ? clean(input) : smudge(input));
  const parts = [];
  for (let at = 0; at < output.length; at += 60_000) parts.push(output.subarray(at, at + 60_000));
  put('status=success\n');
  put(...parts);
  put();
}
`;

/** A repository of a test. */
export interface LfsRepository {
  /** A folder outside of it. */
  dir: string;
  /** Folder of the store. */
  store: string;
  git(...args: string[]): string;
}

/**
 * Gives a repository a filter `lfs` of our own, so that it is the same on every machine: git-lfs, where a machine has
 * it, is a `process` of the machine's settings, and only another `process` overrules it.
 */
export function useSmallLfs({ dir, store, git }: LfsRepository): { smudged(): string[] } {
  const [file, log] = [join(dir, 'small-lfs.cjs'), join(dir, 'small-lfs.log')];
  writeFileSync(file, program);
  writeFileSync(log, '');
  git('config', 'filter.lfs.process', `node "${file}" "${store}" "${log}"`);
  git('config', 'filter.lfs.required', 'true');
  const smudge = 'command=smudge pathname=';
  return {
    smudged: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(smudge))
        .map((line) => line.slice(smudge.length)),
  };
}
