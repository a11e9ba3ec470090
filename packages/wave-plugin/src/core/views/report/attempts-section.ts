import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { countsAsAttempt, wasPaid } from '../../paid-attempts';
import { withoutQuote } from '../against-closing';
import { code, amount, part, plain, section, type ReportBlock, type Span } from './block';
import { attemptsInOrder, type ReportedAttempt, type ReportInput } from './report-input';
import { describeTime, runningMsOf, usageCells, usageHead } from './usage-section';
import { namePaths } from '../../verify/proof-writes';

/** Every attempt that is known here, refused ones too, and what happened on the way: waits, switches, warnings. */
export function attemptsSection(input: ReportInput): ReportBlock[] {
  const attempts = attemptsInOrder(input);
  return section(
    'Attempts',
    {
      kind: 'table',
      head: ['attempt', 'result', 'program', 'running time', ...usageHead, 'why'],
      rows: attempts.map(attemptRow),
    },
    ...part('On the way', { kind: 'list', items: attempts.flatMap(incidentsOf) }),
  );
}

function attemptRow(attempt: ReportedAttempt): Span[] {
  const { predicate } = attempt;
  const { executor, failures, state } = predicate;
  const verified = predicate['verifiedFrom'];
  const why = [
    ...(typeof verified === 'string' ? [`verified again from ${verified}, no program ran`] : []),
    ...(executor['adopted'] === true ? [`adopted by ${String(executor['by'])}`] : []),
    ...failures.map(({ code: reason, message }) => `${reason}: ${firstLine(message)}`),
  ];
  return [
    code(predicate.proofBundleId),
    state === 'owned_slice_proven'
      ? { text: 'proven', tone: 'good' }
      : state === 'not_proven'
        ? { text: 'not proven', tone: 'bad' }
        : { text: 'collected, not judged', tone: 'waiting' },
    plain(wasPaid(predicate) ? [executor.id, executor.model].filter((one) => one !== null).join(' ') : '–'),
    amount(describeTime(runningMsOf(attempt))),
    ...usageCells(
      wasPaid(predicate) ? predicate.usage : null,
      predicate.usage !== null || !countsAsAttempt(predicate),
    ),
    plain(why.join('; ')),
  ];
}

/** The whole of it stands where the wave is judged; a cell has room for its sentence. */
function firstLine(message: string): string {
  return withoutQuote(message.split('\n', 1)[0] ?? '');
}

function incidentsOf({ predicate, events }: ReportedAttempt): Span[][] {
  return events
    .flatMap(describeEvent)
    .map((words) => [code(`${predicate.agentId} attempt ${predicate.attempt}`), plain(`: ${words}`)]);
}

/** What a person should know of an event; nothing for the ordinary ones. */
function describeEvent({ type, data }: ControlPlaneEvent): string[] {
  const word = (key: string) => (typeof data[key] === 'string' ? data[key] : '?');
  switch (type) {
    case 'program.started':
      return (Array.isArray(data['notices']) ? data['notices'] : []).filter((one) => typeof one === 'string');
    case 'program.waiting': {
      const ms = typeof data['ms'] === 'number' ? data['ms'] : null;
      return [`waited ${describeTime(ms)} for ${word('executor')}: ${word('reason')}`];
    }
    case 'program.fell-back':
      return [`went on with ${word('to')} in place of ${word('from')}: ${word('reason')}`];
    case 'program.not-started':
      return [`${word('executor')} was not started: ${word('message')}`];
    case 'program.ended':
      return data['outcome'] === 'success'
        ? []
        : [
            `${word('executor')} ended: ${[word('outcome'), data['detail']].filter((one) => typeof one === 'string').join(', ')}`,
          ];
    case 'envelope.repaired':
      return [
        data['accepted'] === true ? 'its envelope was repaired' : 'its envelope was asked for again, in vain',
      ];
    case 'slice.noted':
      return [word('message')];
    case 'envelope.synthesized':
      return ['its envelope was made from markers in its output'];
    case 'program.calls-denied': {
      const hosts = Array.isArray(data['hosts']) ? data['hosts'].map(String) : [];
      return [`its cage did not let it call ${hosts.join(', ')}`];
    }
    case 'outside.changed': {
      const paths = Array.isArray(data['paths']) ? data['paths'].map(String) : [];
      return [`without a cage around it, ${namePaths(paths)} changed: by a person, or by it`];
    }
    case 'user.node-modules-changed':
      return [`it wrote into the installed packages of the workspace: ${word('path')}`];
    case 'transcript.incomplete':
      return [`its transcript is not whole: ${word('message')}`];
    default:
      return [];
  }
}
