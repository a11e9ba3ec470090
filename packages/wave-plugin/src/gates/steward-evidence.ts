import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import { stageRules } from '../core/stages';
import { waiverOf } from '../core/state/ledger';
import type { StageEvidence } from './gate';

type Work = NonNullable<StageEvidence['work']>;

/**
 * Whether the word of a steward counts only with evidence: the wave has proof to measure, or is made to, and the level of the
 * steward is not `exit`. A wave without any proof command is believed, as all that cannot be measured.
 */
export function isHeldToEvidence(
  { agents, settings }: Pick<ResolvedWave, 'agents' | 'settings'>,
  { stage, proofStrength }: ResolvedAgent,
): boolean {
  if (proofStrength.level === 'exit') return false;
  const until = stages.indexOf(stage);
  return (
    proofStrength.required ||
    settings.testCommand !== null ||
    agents.some((one) => stages.indexOf(one.stage) <= until && one.proofCommands.length > 0)
  );
}

/** What is wrong with a good word, before what it says is looked at. */
export type Lack = 'empty-report' | 'nothing-changed';

/** A report that says nothing, or a wave in which there was nothing to judge; null where neither is so, or nobody asks. */
export function lackOf(
  evidence: StageEvidence,
  agent: ResolvedAgent,
  written: string | null,
): { lack: Lack; says: string } | null {
  const { work, wave, ledger } = evidence;
  if (work === undefined || !isHeldToEvidence(wave, agent)) return null;
  const path = written ?? '';
  const text = work.reportTexts[path];
  if (text !== undefined && saysNothing(text))
    return { lack: 'empty-report', says: `passes it in a report that says nothing (${path})` };
  const isWaived = wave.agents.some(
    ({ unitId }) => waiverOf(ledger, { code: 'slice-empty', agentIds: [unitId] }) !== null,
  );
  if (workOf(wave, work, agent).length > 0 || isWaived) return null;
  return { lack: 'nothing-changed', says: 'passes a wave in which nobody changed anything' };
}

/** What judges write down. */
const report = /\.(md|txt|json)$/i;

/** Paths that others changed and that are no reports of judges. */
export function workOf({ agents }: Pick<ResolvedWave, 'agents'>, work: Work, judge: ResolvedAgent): string[] {
  const paths = agents.flatMap((agent) => {
    if (agent.unitId === judge.unitId) return [];
    const changed = work.changed[agent.unitId] ?? [];
    const isJudge = stageRules[agent.stage].judges === true && !agent.implementationOwning;
    return isJudge ? changed.filter((path) => !report.test(path)) : changed;
  });
  return [...new Set(paths)].sort();
}

/** Nothing, white space, headings alone, or one single word. */
export function saysNothing(text: string): boolean {
  const lines = text.replace(/<!--[^]*?-->/g, '').split('\n');
  const content = lines.filter((line, at) => !heading.test(line) && !underline.test(lines[at + 1] ?? ''));
  return [...content.join('\n').matchAll(/[\p{L}\p{N}][^\s]*/gu)].length < 2;
}

const heading = /^\s{0,3}#{1,6}\s/;
/** Makes a heading of the line above it. */
const underline = /^\s*(=+|-+)\s*$/;

/** Names of files that say nothing about what is in them. */
const common = /^(index|main|mod|lib|test|tests|spec|types|utils?|readme|package|config|setup|app)$/;

/**
 * Whether a report names one of the paths: by the name of the file, by what the name says (`rate limiter` for
 * `rate-limiter.ts`), or by the folder.
 */
export function namesAny(text: string, paths: readonly string[]): boolean {
  const said = text.toLowerCase();
  const spoken = ` ${wordsOf(text)} `;
  return paths.some((path) => {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (said.includes(name.toLowerCase())) return true;
    const folder = path.slice(0, slash).toLowerCase();
    if (folder.includes('/') && said.includes(folder)) return true;
    const stem = wordsOf(name.replace(/(?<=.)\..*/, ''));
    return stem !== '' && !common.test(stem) && spoken.includes(stem.length > 3 ? stem : ` ${stem} `);
  });
}

/** `rateLimiter_v2` as `rate limiter v2`. */
function wordsOf(text: string): string {
  return text
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
