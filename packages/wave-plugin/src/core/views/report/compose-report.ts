import type { UnitState } from '../../state/wave-state';
import { describeSource } from '../../verify/proof-source';
import { againstClosing, reasonParts, withoutQuote } from '../against-closing';
import { blockersOf } from '../blockers';
import { findingsOf, type Finding } from '../findings';
import { describeUnitStatus } from '../status';
import { attemptsSection } from './attempts-section';
import { amount, code, command, part, plain, section, type ReportBlock, type Span } from './block';
import { unitTones } from '../unit-tones';
import { decisionsPart } from './decisions-section';
import { filesOf, filesSection, refusedSection } from './files-section';
import { firstScreen } from './first-screen';
import { identitiesPart, proofSection } from './proof-section';
import type { ReportInput } from './report-input';
import { timelineSection } from './timeline-section';
import { usageSection } from './usage-section';
import { wordsSection } from './words-section';

/**
 * A wave for whoever answers for what lands, in the order of their questions: may it land, what stands against that, what does
 * it change, what does that rest on, what do its agents say, who decided what, when was it made and for how much. Pure: equal
 * stores give equal bytes, so no time of making is in it.
 */
export function composeReport(input: ReportInput): ReportBlock[] {
  const findings = findingsOf(input);
  const files = filesOf(input);
  return [
    ...firstScreen(input, { findings, files }),
    ...causeSection(input),
    ...findingsSection(findings),
    ...refusedSection(input),
    ...filesSection(files),
    ...proofSection(input),
    ...wordsSection(input),
    ...peopleSection(input),
    ...section('Agents', {
      kind: 'table',
      head: ['agent', 'task', 'role', 'state', 'attempts', 'program', 'proof', 'from'],
      rows: input.state.units.map((unit) => [...unitRow(unit), sourceSpan(input, unit)]),
    }),
    ...timelineSection(input),
    ...usageSection(input),
    ...attemptsSection(input),
    ...detailsSection(input),
  ];
}

/** What stands against closing, the cause first, with the end of the output. */
function causeSection(input: ReportInput): ReportBlock[] {
  const parts = againstClosing(input).map((reason) => ({
    ...reasonParts(reason),
    who: reason.agentIds,
    code: reason.code,
  }));
  return section(
    'Against closing',
    {
      kind: 'list',
      items: parts.map(({ line, who }) => [
        ...(who.length === 0 ? [] : [code(who.join(', ')), plain(' ')]),
        plain(withoutQuote(line)),
      ]),
    },
    ...parts
      .filter(({ said }) => said.length > 0)
      .map(({ who, code: kind, said }): ReportBlock => ({
        kind: 'fold',
        title: `${who.length === 0 ? kind : `${who.join(', ')}, ${kind}`}: the end of the output`,
        text: said.join('\n'),
      })),
  );
}

/** So many findings stand open; the others are folded. */
const shownFindings = 25;

/** What does not stand against closing, and should be known before landing. */
function findingsSection(findings: readonly Finding[]): ReportBlock[] {
  const told = findings.filter(({ level }) => level === 'warning').map(findingItem);
  const rest = told.slice(shownFindings);
  return section(
    'Look at these first',
    { kind: 'list', items: told.slice(0, shownFindings) },
    {
      kind: 'group',
      title: `${rest.length} more`,
      blocks: rest.length === 0 ? [] : [{ kind: 'list', items: rest }],
    },
  );
}

function findingItem({ code: kind, message, agentIds }: Finding): Span[] {
  return [
    { text: kind, tone: 'waiting' },
    ...(agentIds.length === 0 ? [] : [plain(' '), code(agentIds.join(', '))]),
    plain(`: ${message}`),
  ];
}

/** What waits for somebody, and what people have decided. */
function peopleSection(input: ReportInput): ReportBlock[] {
  const { state, plan, ledger } = input;
  const parts = [
    ...part('Waits for somebody', {
      kind: 'list',
      items: blockersOf(state, plan).map(({ kind, id, detail, waitsFor, next }) => [
        plain(`${kind} ${id}: ${detail} (waits for ${waitsFor.join(', ')}) `),
        command(next),
      ]),
    }),
    ...decisionsPart(ledger),
  ];
  return section('Questions and decisions', ...parts);
}

/** What is looked up, not read. */
function detailsSection(input: ReportInput): ReportBlock[] {
  const { wave, state, closure } = input;
  const { path, lane } = wave.identity;
  return section(
    'Details',
    {
      kind: 'table',
      head: ['what', 'value'],
      rows: [
        [plain('wave file'), code(path)],
        [plain('lane'), plain(lane)],
        ...Object.entries(closure.proof).map(([name, word]) => [plain(`proof of ${name}`), proofWord(word)]),
        ...(closure.mergedTree === null ? [] : [[plain('merged tree'), code(closure.mergedTree)]]),
        ...(closure.patchSha256 === null
          ? []
          : [[plain('integrated patch, sha256'), code(closure.patchSha256)]]),
      ],
    },
    ...part('Facts that agents established', {
      kind: 'list',
      items: state.facts.map(({ by, ...fact }) => [code(by), plain(`: ${fact.content}`)]),
    }),
    ...identitiesPart(input),
  );
}

function proofWord(word: string): Span {
  if (word === 'proven') return { text: word, tone: 'good' };
  return word === 'open' ? { text: word, tone: 'waiting' } : plain('not applicable');
}

/** Where the proof of a unit comes from; what this machine did not make itself is seen at once. */
function sourceSpan({ sources = [] }: ReportInput, { unitId }: UnitState): Span {
  const source = sources.find((one) => one.unitId === unitId);
  if (source === undefined) return plain('–');
  const text = describeSource(source);
  return source.provedHere ? plain(text) : { text, tone: 'waiting' };
}

function unitRow(unit: UnitState): Span[] {
  const { unitId, title, role, status, attempts, executor, proof } = unit;
  const tone = unitTones[status];
  return [
    code(unitId),
    plain(title),
    plain(role),
    { text: describeUnitStatus(status), ...(tone === undefined ? {} : { tone }) },
    amount(String(attempts)),
    plain(executor.id),
    proof === null ? plain('–') : code(proof.proofBundleId),
  ];
}
