import { createCancellation } from '../edges/processes/cancellation';
import { createProcessEdge } from '../edges/processes/supervise';

/**
 * Supervises a program until it is cancelled, as a process of its own: `cancelled-process <folder> <marker> <script>`. Tells
 * its parent `up` with the first output, and prints how the program ended.
 */
async function supervise(folder: string, marker: string, script: string): Promise<void> {
  const exit = await createProcessEdge({ graceMs: 500 }).supervise(process.execPath, ['-e', script], {
    cwd: folder,
    ownFolder: folder,
    env: { PATH: process.env.PATH ?? '', WAVE_RUN_MARKER: marker },
    stdin: '',
    hardLimitMs: 600_000,
    idleLimitMs: 0,
    signal: createCancellation(process),
    onOutput: () => process.stdout.write('up\n'),
  });
  process.stdout.write(`${exit.cause}\n`);
  process.exit(0);
}

void supervise(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? '');
