import { runHistory, type HistoryOptions, type LaunchResult } from './run-history';

interface Asked extends Pick<HistoryOptions, 'seed' | 'length' | 'causes'> {
  tells: boolean;
}

/** Runs the histories whose seeds this process is sent, one after the other, and sends back what their launches came to. */
export function serveHistories(door: Pick<HistoryOptions, 'open' | 'without'>): void {
  process.on('message', ({ tells, ...asked }: Asked) => {
    const told: string[] = [];
    const answer = (launches: LaunchResult[], more: { told: string[]; broken?: true }) =>
      process.send?.({ seed: asked.seed, launches, ...more });
    void runHistory({ ...asked, ...door, tell: (line) => told.push(line) }).then(
      (launches) => answer(launches, { told: tells || launches.some(isRed) ? told : [] }),
      (error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        answer([], { told: [...told, text], broken: true });
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}

const isRed = ({ problems }: LaunchResult) => problems.length > 0;
