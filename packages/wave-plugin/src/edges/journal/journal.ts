import * as fs from '../files/at-once';
import { dirname } from 'node:path';
import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';

/** Collects the events of one attempt, in order, and appends each to this machine's log at once. */
export interface Journal {
  record(type: string, data?: ControlPlaneEvent['data']): void;
  /** The stream so far as JSON lines. */
  lines(): string;
  /** Resolves when every recorded event has reached the log. */
  flush(): Promise<void>;
}

/** Appends are single writes of whole lines, so that a crash can tear only the last one; readers skip a torn line. */
export function openJournal(input: {
  logPath: string;
  wave: string;
  agentId: string | null;
  attempt: number | null;
  now: () => Date;
}): Journal {
  const recorded: string[] = [];
  let writing: Promise<void> = fs.mkdir(dirname(input.logPath), { recursive: true }).then(
    () => undefined,
    () => undefined,
  );
  return {
    record(type, data = {}) {
      const event: ControlPlaneEvent = {
        schemaVersion: 1,
        seq: recorded.length,
        at: input.now().toISOString(),
        wave: input.wave,
        agentId: input.agentId,
        attempt: input.attempt,
        type,
        data,
      };
      const line = `${canonicalJson(event)}\n`;
      recorded.push(line);
      // The log is an observation: that it cannot be written must not cost a run; the bundle carries the events too.
      writing = writing.then(() => fs.appendFile(input.logPath, line)).catch(() => undefined);
    },
    lines: () => recorded.join(''),
    flush: () => writing,
  };
}
