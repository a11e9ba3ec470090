import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openEngineWorld } from '../histories/engine-world';
import { prepareHistory } from '../histories/run-history';
import { ledgerFolder } from '../histories/spec';

/** Prints the digests of what a launch of the engine stores for others: handoffs, verdicts, slices, the integrated patch. */
async function main(): Promise<void> {
  const { world } = await prepareHistory({ open: openEngineWorld, shares: false });
  await using _world = world;
  // Several, so that the order in which their folder is listed could make a difference.
  for (const number of [1, 2, 3]) world.first.write(...answer(number));
  world.first.git('add', '-A');
  world.first.git('commit', '-q', '-m', 'answers');
  const { tasks } = await world.first.launch({});
  const launcher = join(world.first.root, '.tmp/main-wave-launcher');
  const digests = ['handoff', 'gates', 'closure']
    .flatMap((folder) => filesBelow(join(launcher, folder)))
    // The closing names proofs, which hold times; packs are git's.
    .filter(
      (path) =>
        !path.endsWith('closure/wave-1.json') && !path.endsWith('.pack') && !path.endsWith('prove.json'),
    )
    .map((path) => ({
      name: path.slice(launcher.length + 1),
      digests: [createHash('sha256').update(readFileSync(path)).digest('hex')],
    }));
  if (tasks['launch'] !== 'passed' || digests.length < 8) throw new Error(JSON.stringify({ tasks, digests }));
  process.stdout.write(JSON.stringify(digests));
}

/** An entry of the ledger, and its place. */
function answer(number: number): [path: string, text: string] {
  const id = `01J0000000000000000000000${number}`;
  const entry = {
    ...{ schemaVersion: 1, id, wave: 'wave-1', recordedAt: '2026-01-02T03:04:05.000Z', by: 'Ada' },
    ...{ reason: 'because', type: 'request.answered', requestId: `q${number}`, agentId: 'A1', text: 'both' },
  };
  return [`${ledgerFolder}/${id}-request.answered.json`, `${JSON.stringify(entry)}\n`];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);
