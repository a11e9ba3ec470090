import type { AutopilotReport } from '@nx-wave/schemas';
import { canonicalJson, err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { AutopilotEnd } from '../../core/autopilot/next-step';
import { nextWave, type LaneWave } from '../../core/autopilot/next-wave';
import { autopilotAuthor } from '../../core/autopilot/sight';
import { isLanded } from '../../core/state/ledger';
import { writeUnflushed } from '../../edges/files/write-file';
import type { Edges } from '../session/edges';
import type { Session } from '../session/session';
import {
  findAutopilotRecord,
  newReport,
  takeControls,
  writeReport,
  type AutopilotRecord,
} from '../wave/autopilot-record';
import { runAutopilot, type AutopilotDoors } from '../wave/run-autopilot';
import { runLand } from '../wave/run-land';
import type { LaneRequest } from './lane';

/** A wave of the lane with the doors of its autopilot. */
interface Seat extends LaneWave {
  doors: AutopilotDoors;
}

/**
 * Runs the waves of a lane in their order, each by an autopilot of its own, until one does not close. Later waves build on what
 * has landed, and on those that they name under `## Depends on`. Codes: autopilot-running, those of writing.
 */
export async function runLaneAutopilot(
  lane: LaneRequest,
  edges: Edges,
  doorsOf: (wavePath: string) => AutopilotDoors,
): Promise<Result<AutopilotReport, Failure[]>> {
  const found = await findAutopilotRecord(edges, lane.workspaceRoot, lane.project);
  if (!found.ok) return err([found.error]);
  const record = found.value;
  const controls = await takeControls(record);
  if (!controls.ok) return err([controls.error]);
  try {
    const report = newReport(lane.project, edges.now());
    edges.print(
      `autopilot of ${lane.project}: ${lane.waves.length} waves in their order, each within its own bounds`,
    );
    const end = await runWaves(lane, edges, { doorsOf, record, report });
    Object.assign(report, { state: 'ended', ...end, endedAt: edges.now().toISOString() });
    const kept = await writeReport(record, report);
    const [first] = lane.waves;
    if (first !== undefined) await showReport(doorsOf(first), report);
    return kept.ok ? ok(report) : err([kept.error]);
  } finally {
    await controls.value.release();
  }
}

async function runWaves(
  lane: LaneRequest,
  edges: Edges,
  {
    doorsOf,
    record,
    report,
  }: { doorsOf: (path: string) => AutopilotDoors; record: AutopilotRecord; report: AutopilotReport },
): Promise<AutopilotEnd> {
  const seats: Seat[] = [];
  for (const path of lane.waves) {
    const doors = doorsOf(path);
    const opened = await doors.open();
    // Whatever cannot be opened is told when it is its turn: waves before it run.
    if (!opened.ok) seats.push({ wave: path, landed: false, lands: false, end: null, doors });
    else seats.push({ ...standingOf(opened.value), end: null, doors });
  }
  for (;;) {
    report.waves = seats.map(({ wave, landed, end }) => ({
      ...{ wave, landed },
      ...{ outcome: end?.outcome ?? null, why: end?.why ?? null },
    }));
    await writeReport(record, report);
    const next = nextWave(lane.project, seats);
    if (next.step === 'end') return next.end;
    const seat = seats.find(({ wave }) => wave === next.wave);
    if (seat === undefined) throw new Error(`No wave ${next.wave} in ${lane.project}.`);
    if (next.step === 'fly') await fly(edges, seat, seats);
    else {
      report.steps.push({ step: 'land', agents: [] });
      const failed = await land(edges, seat);
      if (failed !== null) return failed;
    }
  }
}

function standingOf({ wave, ledger }: Session): Pick<LaneWave, 'wave' | 'landed' | 'lands'> {
  const { identity, settings } = wave;
  return { wave: identity.project, landed: isLanded(ledger), lands: settings.autopilot.land !== 'off' };
}

async function fly(edges: Edges, seat: Seat, seats: readonly Seat[]): Promise<void> {
  const before = await seat.doors.open();
  if (before.ok) adviseStacking(edges, before.value, seats);
  const flown = await runAutopilot(edges, seat.doors);
  const after = await seat.doors.open();
  if (after.ok) Object.assign(seat, standingOf(after.value));
  if (flown.ok) {
    const { outcome, why, detail, next } = flown.value;
    seat.end = { outcome: outcome ?? 'open', why: why ?? 'refused', detail: detail ?? '', next };
  } else seat.end = { ...endOf(flown.error), ...(after.ok ? {} : { why: 'unreadable' as const }) };
}

/** Work that has neither landed nor is named is not there for a later wave: whoever wrote it may have meant otherwise. */
function adviseStacking({ print }: Edges, { wave }: Session, seats: readonly Seat[]): void {
  const { project } = wave.identity;
  const at = seats.findIndex((seat) => seat.wave === project);
  const hidden = seats
    .slice(0, Math.max(0, at))
    .filter((one) => !one.landed && !wave.dependsOn.includes(one.wave));
  if (hidden.length === 0) return;
  const names = hidden.map((one) => one.wave).join(', ');
  print(`note: ${project} does not see ${names}: not landed, and not named under ## Depends on`);
}

/** Only where the configuration says so; null when it has landed. */
async function land(edges: Edges, seat: Seat): Promise<AutopilotEnd | null> {
  const opened = await seat.doors.open();
  if (!opened.ok) return endOf(opened.error);
  const { land: mode } = opened.value.wave.settings.autopilot;
  if (mode === 'off') return null;
  const landed = await runLand(opened.value, { mode, by: autopilotAuthor });
  if (!landed.ok) return endOf(landed.error);
  seat.landed = true;
  edges.print(`autopilot: ${seat.wave} has landed in ${landed.value.commit ?? 'the working tree'}`);
  return null;
}

function endOf(failures: readonly Failure[]): AutopilotEnd {
  const [first] = failures;
  const detail = first?.message ?? 'It could not be done.';
  return { outcome: 'blocked', why: 'refused', detail, next: first?.next ?? null };
}

/** Where people and programs look for it: beside the reports of the waves. */
async function showReport(doors: AutopilotDoors, report: AutopilotReport): Promise<void> {
  const opened = await doors.open();
  if (!opened.ok) return;
  const { at, wave } = opened.value;
  const path = `${wave.identity.launcherDir}/status/autopilot-${report.project}.json`;
  await writeUnflushed(at(path), `${canonicalJson(report)}\n`);
}
