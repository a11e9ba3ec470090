import type { Stage } from '@nx-wave/schemas';
import type { WaveIdentity } from '../model';

/** Every path of a wave below its launcher folder, workspace-relative. The layout is fixed by the design page. */
export interface WavePaths {
  handoff(unitId: string): string;
  handoffDir: string;
  resultsDir: string;
  envelope(attempt: number, unitId: string): string;
  bundle(attempt: number, unitId: string): string;
  verdict(stage: Stage): string;
  /** The cumulative slices of a stage: `slices.json`, `objects.pack`, `changes.patch`, `artifacts/`. */
  gateDir(stage: Stage): string;
  /** Holds what all gates and `prove` left. */
  gatesDir: string;
  prove: string;
  proveDir: string;
  closure: string;
  closurePatch: string;
  /** Every file that the closing of the wave rests on, as `sha256sum --check` reads it; its signature has `.sig` behind. */
  closureList: string;
  controlPlane: string;
  /** What a running attempt tells of itself. */
  live(unitId: string): string;
  /** Folder of those. */
  liveDir: string;
  status: string;
  /** What an autopilot of the wave did and how it ended. */
  autopilot: string;
  retry: string;
  /** Projections for people: the report, prompts of a dry run. */
  reportsDir: string;
  report(extension: string): string;
}

export function wavePaths(identity: Pick<WaveIdentity, 'launcherDir' | 'waveNumber'>): WavePaths {
  const base = identity.launcherDir;
  const wave = `wave-${identity.waveNumber}`;
  const resultsDir = `${base}/results/${wave}`;
  const gates = `${base}/gates/${wave}`;
  return {
    handoff: (unitId) => `${base}/handoff/${wave}/${unitId}.json`,
    handoffDir: `${base}/handoff/${wave}`,
    resultsDir,
    envelope: (attempt, unitId) => `${resultsDir}/attempt-${attempt}/${unitId}.json`,
    bundle: (attempt, unitId) => `${resultsDir}/attempt-${attempt}/${unitId}`,
    verdict: (stage) => `${gates}/${stage}.json`,
    gateDir: (stage) => `${gates}/${stage}`,
    gatesDir: gates,
    prove: `${gates}/prove.json`,
    proveDir: `${gates}/prove`,
    closure: `${base}/closure/${wave}.json`,
    closurePatch: `${base}/closure/${wave}.patch`,
    closureList: `${base}/closure/${wave}.sha256`,
    controlPlane: `${base}/control-plane/${wave}.jsonl`,
    live: (unitId) => `${base}/control-plane/${wave}/${unitId}.json`,
    liveDir: `${base}/control-plane/${wave}`,
    status: `${base}/status/${wave}.json`,
    autopilot: `${base}/status/autopilot-${wave}.json`,
    retry: `${base}/retry/${wave}.json`,
    reportsDir: `${base}/reports/${wave}`,
    report: (extension) => `${base}/reports/${wave}/report.${extension}`,
  };
}
