import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import { stageRules } from '../core/stages';
import { waiverOf } from '../core/state/ledger';
import type { StageEvidence } from './gate';

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
  const text = written === null ? undefined : work.reportTexts[written];
  if (written !== null && text !== undefined && saysNothing(text))
    return { lack: 'empty-report', says: `passes it in a report that says nothing (${written})` };
  const isWaived = wave.agents.some(
    ({ unitId }) => waiverOf(ledger, { code: 'slice-empty', agentIds: [unitId] }) !== null,
  );
  if (workOf(evidence, agent).length > 0 || isWaived) return null;
  return { lack: 'nothing-changed', says: 'passes a wave in which nobody changed anything' };
}

/** What judges write down. */
const report = /\.(md|txt|json)$/i;

/** Paths that others changed and that are no reports of judges. */
export function workOf({ wave, work }: StageEvidence, judge: ResolvedAgent): string[] {
  const paths = wave.agents.flatMap((agent) => {
    if (agent.unitId === judge.unitId) return [];
    const changed = work?.changed[agent.unitId] ?? [];
    const isJudge = stageRules[agent.stage].judges === true && !agent.implementationOwning;
    return isJudge ? changed.filter((path) => !report.test(path)) : changed;
  });
  return [...new Set(paths)].sort();
}

/** Nothing, white space, headings alone, or one single word. */
export function saysNothing(text: string): boolean {
  const content = text
    .replace(/<!--[^]*?-->/g, '')
    .replace(/^\s{0,3}#{1,6}\s.*$|^.*\n\s*(?:=+|-+)\s*$/gm, '');
  return (content.match(/[\p{L}\p{N}][^\s]*/gu) ?? []).length < 2;
}

/** Names of files that say nothing about what is in them. */
const common = /^(index|main|mod|lib|test|tests|spec|types|utils?|readme|package|config|setup|app)$/;

/**
 * Whether a report names one of the paths: in full, by the name of the file, by what the name says (`rate limiter` for
 * `rate-limiter.ts`), or by the folder.
 */
export function namesAny(text: string, paths: readonly string[]): boolean {
  const said = text.toLowerCase();
  const spoken = ` ${wordsOf(text)} `;
  return paths.some((written) => {
    const path = written.toLowerCase();
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const name = path.slice(folder === '' ? 0 : folder.length + 1);
    if (said.includes(path) || said.includes(name)) return true;
    if (folder.includes('/') && said.includes(folder)) return true;
    const stem = wordsOf(
      written
        .split('/')
        .at(-1)
        ?.replace(/(?<=.)\..*$/, '') ?? '',
    );
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
