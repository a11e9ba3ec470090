import type { Stage } from '@nx-wave/schemas';
import type { WaveIdentity } from '../model';
import { escapeGlob } from './fileset';
import { wavePaths, type WavePaths } from './wave-paths';

/**
 * Paths of a wave as its targets name them to Nx. Made once for a wave: texts that are put together for each target anew are most of
 * what a graph of many waves takes of memory, and so of time.
 */
export interface TargetPaths {
  wave: WavePaths;
  /** Outputs of an agent: its handoff, its envelopes and its bundles. */
  handoff(unitId: string): string;
  envelopes(unitId: string): string;
  bundles(unitId: string): string;
  /** Patterns by which a later task knows the outputs of an earlier one. */
  handoffPattern(unitId: string): string;
  verdictPattern(stage: Stage): string;
  /** Fileset of the ledger. */
  ledger: string;
}

export function targetPaths(identity: WaveIdentity): TargetPaths {
  const wave = wavePaths(identity);
  const handoffs = inWorkspace(`${wave.handoffDir}/`);
  const results = inWorkspace(`${wave.resultsDir}/attempt-*/`);
  const handoffPatterns = patternOf(`${wave.handoffDir}/`);
  const verdicts = new Map<Stage, string>();
  return {
    wave,
    handoff: (unitId) => handoffs + jsonOf(unitId),
    envelopes: (unitId) => results + jsonOf(unitId),
    bundles: (unitId) => results + unitId,
    handoffPattern: (unitId) => handoffPatterns + escapeGlob(jsonOf(unitId)),
    verdictPattern: (stage) => {
      const known = verdicts.get(stage) ?? patternOf(wave.verdict(stage));
      verdicts.set(stage, known);
      return known;
    },
    ledger: `{workspaceRoot}/${escapeGlob(identity.ledgerDir)}/**/*`,
  };
}

/** A path as a target names it. */
export function inWorkspace(path: string): string {
  return `{workspaceRoot}/${path}`;
}

function patternOf(path: string): string {
  return `**/${escapeGlob(path)}`;
}

function jsonOf(unitId: string): string {
  return `${unitId}.json`;
}
