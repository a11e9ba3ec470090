import { count } from '../../count';
import { findingsOf, type Finding, type FindingLevel } from '../findings';
import type { ReportInput } from '../report/report-input';

/**
 * A command of GitHub Actions as its runner reads it: line breaks and percent signs are escaped, in properties also colons and
 * commas (`toolkit/packages/core/src/command.ts`).
 */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/**
 * A text of any number of lines in which GitHub's runner finds no command: it takes a line that begins with `::`, blanks before it
 * or not, and `##[` anywhere (`actions/runner`, ActionCommand.cs). What an agent prints could else set variables and hide lines.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)::/gm, '$1\u200b::').replaceAll('##[', '#\u200b#[');
}

/** GitHub shows so many annotations of each level and step. */
const mostOfLevel = 10;
const commands: Record<FindingLevel, string> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * The findings of a wave as annotations, at the files that they name, else at the wave file. `unitId`: what stands against one
 * agent, where its own task tells it: the tasks of the others tell theirs.
 */
export function annotationLines(input: ReportInput, unitId: string | null = null): string[] {
  const { path, project } = input.wave.identity;
  const found = findingsOf(input).filter(
    ({ level, agentIds }) => unitId === null || (level === 'error' && agentIds.includes(unitId)),
  );
  return (['error', 'warning', 'note'] as const).flatMap((level) => {
    const own = found.filter((one) => one.level === level);
    const shown = own.length > mostOfLevel ? own.slice(0, mostOfLevel - 1) : own;
    const more = own.length - shown.length;
    return [
      ...shown.map((one) => annotation(one, { path, project })),
      ...(more === 0
        ? []
        : [
            workflowCommand(
              commands[level],
              { file: path, title: project },
              `${count(more, 'more finding')} in the summary`,
            ),
          ]),
    ];
  });
}

function annotation(
  { level, code, message, agentIds, paths }: Finding,
  wave: { path: string; project: string },
): string {
  const title = [wave.project, ...agentIds.slice(0, 3), code].join(' ');
  return workflowCommand(commands[level], { file: paths[0] ?? wave.path, title }, message);
}

/** The summary of a step with the part of this wave in it, in place of an earlier one: several tasks of a step tell of one wave. */
export function withPart(summary: string, project: string, markdown: string): string {
  const [begin, end] = [`<!-- nx-wave ${project} -->\n`, `<!-- end of nx-wave ${project} -->\n`];
  const own = `${begin}${markdown}\n${end}`;
  const [from, to] = [summary.indexOf(begin), summary.indexOf(end)];
  return from >= 0 && to > from
    ? summary.slice(0, from) + own + summary.slice(to + end.length)
    : summary + own;
}
