#!/usr/bin/env node
import { type EnvelopeClaims } from '../core/result/compose-envelope';
import { writeEnvelope } from '../envelope';
import { checkAndTell } from './check';
import { type EnvelopeArguments, readArguments } from './read-arguments';

const usage = `nx-wave envelope [--detail <sentence>] [--state satisfied|partial|failed|not_applicable]
                 [--completion <level>] [--durability <level>] [--proof <level>]
                 [--doc <path>]... [--component <id>=<level>]... [--payload <json>] [--more <json>]

  Writes the result envelope of the agent whose program calls it.

nx-wave check <wave file> [--watch]

  Says what is wrong in a wave file; with --watch, again after each change of it. Starts nothing.

Everything else of nx-wave is an Nx target:
  nx show project wave-1`;

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function run(args: string[]): Promise<void> {
  const asked = readArguments(args);
  if (asked === null) throw new Error(`There is no command "${args.join(' ')}".\n\n${usage}`);
  if (asked.command === 'help') return void process.stdout.write(`${usage}\n`);
  if (asked.command === 'check') return checkAndTell(asked.file, asked.watch);
  envelope(asked.values);
}

function envelope({ payload, more, doc = [], component = [], proof, ...given }: EnvelopeArguments): void {
  const { detail, state, completion, durability } = given;
  const named = Object.entries({ detail, state, completion, durability, proofLevel: proof });
  const claims = Object.fromEntries(named.filter(([, value]) => value !== undefined)) as EnvelopeClaims;
  const path = writeEnvelope({
    ...claims,
    docs: doc,
    components: Object.fromEntries(component.map(levelOf)),
    ...(payload === undefined ? {} : { payload: objectOf('--payload', payload) }),
    ...(more === undefined ? {} : { more: objectOf('--more', more) }),
  });
  process.stdout.write(`envelope: ${path}\n`);
}

function levelOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1) throw new Error(`--component is <id>=<level>; found "${pair}".`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function objectOf(name: string, json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`${name} is a JSON object; found: ${json}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${name} is a JSON object; found: ${json}`);
  return value as Record<string, unknown>;
}
