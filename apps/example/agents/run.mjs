// The door of every local agent: `node apps/example/agents/run.mjs <program>`.
// It reads the prompt from stdin, lets the program work in the current folder, which is the agent's own checkout,
// and writes the result envelope where WAVE_RESULT_ENVELOPE says. Programs import nothing of ours: an agent's
// command names every file that it depends on, so a changed file is a changed agent.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const say = (line) => console.log(line);

function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. A wave starts this program: see apps/example/README.md.`);
  return value;
}

const written = [];
const kept = [];

const files = {
  exists: (path) => existsSync(path),
  list: (folder) => readdirSync(folder).sort(),
  read: (path) => readFileSync(path, 'utf8'),
  write(path, text) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return kept.push(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return written.push(path);
  },
};

/** The bullets under the line `label:`, without their dashes, up to the first line that is none. */
function bulletsUnder(prompt, label) {
  const lines = prompt.split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === `${label}:`);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith('- '));
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.slice(2).trim());
}

/** `name: value` in two. */
function pairOf(bullet) {
  const colon = bullet.indexOf(':');
  return [bullet.slice(0, colon).trim(), bullet.slice(colon + 1).trim()];
}

/** The names that a module exports by declaration, in order. */
function exportsOf(text) {
  return [...text.matchAll(/^export (?:const|function|interface|type) (\w+)/gm)].map((match) => match[1]);
}

/** What a program gets to see and to use. */
function taskFrom(prompt) {
  const options = Object.fromEntries(bulletsUnder(prompt, 'Options').map(pairOf));
  return {
    agentId: fromEnvironment('WAVE_AGENT_ID'),
    wave: Number(fromEnvironment('WAVE_NUMBER')),
    lane: fromEnvironment('WAVE_LANE'),
    attempt: Number(process.env.WAVE_ATTEMPT ?? 1),
    files,
    say,
    exportsOf,
    bullets: (label) => bulletsUnder(prompt, label),
    pairs: (label) => bulletsUnder(prompt, label).map(pairOf),
    /** An option such as `rounding step: 5 g`. */
    number(name, fallback) {
      const value = name in options ? Number.parseFloat(options[name]) : fallback;
      if (value > 0) return value;
      throw new Error(`Option "${name}" in the prompt needs a number above 0; found "${options[name]}".`);
    },
    /** An option from a closed list, the first of which is the rule. */
    word(name, words) {
      const value = options[name] ?? words[0];
      if (words.includes(value)) return value;
      throw new Error(`Option "${name}" in the prompt is one of ${words.join(', ')}; found "${value}".`);
    },
    /** Stops with a clear sentence when the code that this work builds on is not there. */
    needExports(path, names) {
      const found = files.exists(path) ? exportsOf(files.read(path)) : [];
      const missing = names.filter((name) => !found.includes(name));
      if (missing.length > 0) throw new Error(`${path} does not export ${missing.join(', ')}.`);
    },
    /** The answer of an implementation agent that did what it was asked for. */
    delivered: ({ detail, components, docPaths = [], facts }) => ({
      detail,
      facts,
      payload: {
        docDelta: { state: docPaths.length > 0 ? 'owned' : 'none', paths: docPaths, detail: null },
        components: components.map((componentId) => ({
          componentId,
          level: 'baseline-proved',
          state: 'met',
          detail,
        })),
      },
    }),
  };
}

try {
  const program = process.argv[2];
  if (!program) throw new Error('Name a program: node apps/example/agents/run.mjs <program>');
  const envelopePath = fromEnvironment('WAVE_RESULT_ENVELOPE');
  const role = fromEnvironment('WAVE_ROLE');
  const task = taskFrom(readFileSync(0, 'utf8'));
  const { work } = await import(pathToFileURL(resolve(program)).href);
  const { detail, payload, facts, proofState = 'satisfied' } = await work(task);
  const proof = { state: proofState, completion: 'contract', durability: 'none', proofLevel: 'unit', detail };
  const envelope = { schemaVersion: 2, agentId: task.agentId, role, proof, facts, [role]: payload };
  mkdirSync(dirname(envelopePath), { recursive: true });
  writeFileSync(envelopePath, `${JSON.stringify(envelope, null, 2)}\n`);
  if (written.length > 0) say(`wrote ${written.join(', ')}`);
  if (kept.length > 0) say(`kept ${kept.join(', ')}`);
  say(detail);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
