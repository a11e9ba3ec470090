import type { Failure } from '@nx-wave/schemas/plain';
import type { Edges } from '../session/edges';
import type { LaneRequest } from './lane';
import { readStatus, writeWaveStatus } from '../wave/read-status';
import { openSession } from '../session/session';

/** One wave of a lane in a line. */
export interface LaneRow {
  wave: string;
  path: string;
  /** Null where the wave cannot be opened. */
  phase: string | null;
  proven: number;
  agents: number;
  next: string | null;
  failures: Failure[];
}

/** Where every wave of the lane stands. Each wave's own status file is written on the way. */
export async function readLaneStatus(lane: LaneRequest, edges: Edges): Promise<LaneRow[]> {
  const rows: LaneRow[] = [];
  for (const path of lane.waves) {
    const opened = await openSession(
      { workspaceRoot: lane.workspaceRoot, wavePath: path, include: lane.include },
      edges,
    );
    if (!opened.ok) {
      const next = `nx run ${lane.project}:lint-waves`;
      rows.push({ wave: path, path, phase: null, proven: 0, agents: 0, next, failures: opened.error });
      continue;
    }
    const status = await readStatus(opened.value);
    const written = await writeWaveStatus(opened.value, status);
    const { units, phase, wave } = status.state;
    const proven = status.state.landed ? units.length : units.filter(({ proof }) => proof !== null).length;
    rows.push({
      wave,
      path,
      phase,
      proven,
      agents: units.length,
      next: status.closure.next,
      failures: written.ok ? [] : [written.error],
    });
  }
  return rows;
}
