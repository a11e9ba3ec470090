import { acquireLease } from '../edges/lease/lease';

/**
 * Takes a lease and holds it, as a process of its own: `lease-holder <folder>`. Prints `waiting <pid>`, `taken over
 * <marker>`, then `holding <marker>`; a line on standard input releases it and prints `released`.
 */
async function holdLease(folder: string): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const lease = await acquireLease({
    folder,
    signal: new AbortController().signal,
    onWait: ({ pid }) => say(`waiting ${pid}`),
    onTakeover: async (marker) => say(`taken over ${marker}`),
    pollMs: 20,
  });
  if (!lease.ok) {
    say(`refused ${lease.error.code}`);
    return;
  }
  say(`holding ${lease.value.marker}`);
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await lease.value.release();
  say('released');
  process.stdin.destroy();
}

void holdLease(process.argv[2] ?? '');
