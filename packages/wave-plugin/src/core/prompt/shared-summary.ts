import type { InboxSource } from './inbox-source';
import { oneLine, recordLine } from './record-line';

/** One section of the summary: a name, and what it takes from one agent's result. */
interface Section {
  name: string;
  linesOf(source: InboxSource): string[];
}

const sections: readonly Section[] = [
  { name: 'docs queue', linesOf: docsQueue },
  { name: 'security', linesOf: ({ judgement }) => stateLine(judgement, 'security', 'securityState') },
  {
    name: 'integration',
    linesOf: ({ judgement }) => stateLine(judgement, 'integration', 'integrationState'),
  },
  { name: 'components', linesOf: componentLines },
];

/**
 * What everybody who comes later should know, a line each: records that are addressed to nobody, facts that still hold, and
 * the sections. Sources come sorted.
 */
export function sharedSummary(sources: readonly InboxSource[]): string[] {
  const records = sources.flatMap(({ agentId, records: all }) =>
    all
      .filter(({ targets }) => (targets ?? []).length === 0)
      .map((record) => recordLine(agentId, record))
      .sort(),
  );
  const facts = sources.flatMap(({ agentId, facts: all }) =>
    all
      .filter(({ status }) => status === undefined || status === 'active')
      .map(({ factId, kind, content }) => oneLine(`${agentId} ${kind} (${factId}): ${content}`))
      .sort(),
  );
  const told = sections.flatMap(({ name, linesOf }) =>
    sources.flatMap((source) =>
      linesOf(source).map((line) => oneLine(`${name}: ${source.agentId}: ${line}`)),
    ),
  );
  return [...records, ...facts, ...told];
}

/** Documents that an implementer changed, or says that the shared plan has to follow. */
function docsQueue({ judgement }: InboxSource): string[] {
  const delta = member(member(judgement, 'implementation'), 'docDelta');
  const state = member(delta, 'state');
  if (state !== 'owned' && state !== 'shared-plan') return [];
  const paths = strings(member(delta, 'paths')).sort();
  const where = paths.length > 0 ? ` in ${paths.join(', ')}` : '';
  return [state === 'shared-plan' ? `the shared plan has to follow${where}` : `documents changed${where}`];
}

function stateLine(judgement: InboxSource['judgement'], role: string, key: string): string[] {
  const section = member(member(judgement, role), key);
  const state = member(section, 'state');
  if (typeof state !== 'string') return [];
  const counts = Object.entries(section as Record<string, unknown>)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${String(value)} ${name}`)
    .sort();
  return [counts.length > 0 ? `${state} (${counts.join(', ')})` : state];
}

function componentLines({ judgement }: InboxSource): string[] {
  const components = member(member(judgement, 'implementation'), 'components');
  if (!Array.isArray(components)) return [];
  return components
    .map((component: unknown) => {
      const level = member(component, 'level');
      return `${text(member(component, 'componentId'))} ${text(member(component, 'state'))} at ${text(level)}`;
    })
    .sort();
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'none';
}
