/**
 * The agent of the histories: what it makes is a function of its program (a JSON file of the workspace), of its prompt and of
 * the files that it reads. The engine's trials call `act`; through Nx this file is the program that is started.
 */
const { createHash } = require('node:crypto');

/** What an agent that is well says, by role. */
const payloads = {
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
  integration: {
    integrationState: { state: 'ready-for-doc-closure', claims: 0, conflicts: 0, blockers: 0, detail: null },
  },
  'cont-qa': {
    verdict: { verdict: 'pass', detail: null },
    gateClaims: { architecture: 'pass', integration: 'pass', durability: 'pass', live: 'pass', docs: 'pass' },
  },
};

/**
 * `read` gives the text of a file of the checkout or null. Answers the files to write, and the envelope.
 * `program`: `{ writes, content, fine, asks, holds, reads }`.
 */
function act({ id, role, prompt, program, read }) {
  const answer = /answer-\w+/.exec(prompt)?.[0] ?? null;
  const envelope = {
    schemaVersion: 2,
    agentId: id,
    role,
    proof: {
      state: 'satisfied',
      completion: 'contract',
      durability: 'none',
      proofLevel: 'unit',
      // Other words whenever it is asked otherwise: they are no other result.
      detail: `asked as in ${digest(prompt).slice(0, 8)}`,
    },
    [role]: JSON.parse(JSON.stringify(payloads[role])),
  };
  if (program.asks && answer === null)
    return {
      writes: [],
      envelope: {
        ...envelope,
        records: [{ kind: 'clarification-request', id: `format-${id}`, summary: 'Which format?' }],
      },
    };
  if (program.holds) envelope.integration.integrationState.state = 'needs-more-work';
  const seen = program.reads.map((path) => `${path} ${digest(read(path) ?? 'absent')}`);
  const text = (path) =>
    [
      `${id} wrote ${path}, and looked at src/A1.txt and src/A2.txt`,
      `content: ${program.content}`,
      ...seen,
      ...(answer === null ? [] : [answer]),
      program.fine ? 'fine' : 'broken',
      '',
    ].join('\n');
  return { writes: program.writes.map((path) => [path, text(path)]), envelope };
}

function digest(text) {
  return createHash('sha1').update(text).digest('hex');
}

/** The id that git gives to a text. */
function blobOf(text) {
  return digest(`blob ${Buffer.byteLength(text)}\0${text}`);
}

/** As a program: `node agent.cjs <program.json>`. Starts and ends are noted in the file that stands beside the workspaces. */
function main() {
  const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
  const { dirname } = require('node:path');
  const read = (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  };
  const id = process.env.WAVE_AGENT_ID;
  const program = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const note = (line) => appendFileSync(program.log, `${JSON.stringify(line)}\n`);
  note({ id, phase: 'started' });
  const prompt = readFileSync(0, 'utf8');
  const { writes, envelope } = act({ id, role: process.env.WAVE_ROLE, prompt, program, read });
  for (const [path, text] of writes) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify(envelope));
  note({
    id,
    phase: 'ended',
    writes: writes.map(([path, text]) => [path, blobOf(text)]),
    asked: 'records' in envelope,
  });
}

module.exports = { act, blobOf };
if (require.main === module) main();
