import {
  agentEnvelopeSchema,
  documents,
  envelopeRoles,
  failureCodes,
  jsonSchemaOf,
  stages,
  type DocumentName,
} from '@nx-wave/schemas';
import { z } from 'zod';
import { vocabularies } from '../../packages/wave-plugin/src/adapters/vocabularies';
import { type OptionKind } from '../../packages/wave-plugin/src/core/model';
import { agentSections } from '../../packages/wave-plugin/src/core/parse/parse-agent';
import { waveSections } from '../../packages/wave-plugin/src/core/parse/parse-wave';
import { gates } from '../../packages/wave-plugin/src/gates/registry';
import { waivableSliceCodes } from '../../packages/wave-plugin/src/core/verify/slice-waivers';
import { fieldsOf } from './render-fields';
import { page, table } from './render-page';

const yesOrNo = (value: boolean): string => (value ? 'yes' : '');

function fieldTable(schema: Record<string, unknown>): string {
  return table(
    ['Field', 'Type', 'Required'],
    fieldsOf(schema).map(({ name, type, required }) => [`\`${name}\``, type, yesOrNo(required)]),
  );
}

/** Every document with its fields. */
export function documentsPage(): string {
  const sections = (Object.keys(documents) as DocumentName[]).flatMap((name) => {
    const { about, path, version } = documents[name];
    const where =
      path === null ? 'It only travels inside other documents and answers.' : `Found at \`${path}\`.`;
    return [
      `## ${name}`,
      `${about} ${where} Version ${version}; JSON Schema: \`@nx-wave/schemas/json-schema/${name}.schema.json\`.`,
      name === 'wave-config'
        ? 'Its keys are on [a page of their own](config.md).'
        : fieldTable(jsonSchemaOf(name)),
    ];
  });
  return page(
    'Documents',
    'Unknown extra fields survive a round trip unless a document is strict.',
    ...sections,
  );
}

/** What an agent of each role has to write. */
export function agentEnvelopePage(): string {
  const sections = envelopeRoles.flatMap((role) => [
    `## ${role}`,
    fieldTable(z.toJSONSchema(agentEnvelopeSchema(role), { io: 'input' }) as Record<string, unknown>),
  ]);
  return page(
    'The envelope an agent writes',
    'An agent writes one JSON object to the path in `WAVE_RESULT_ENVELOPE`. The runner adds the rest of the header; fields that name another agent, wave or attempt are refused.',
    ...sections,
  );
}

/** Every failure code with its sentence. */
export function failureCodesPage(): string {
  const rows = Object.entries(failureCodes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, sentence]) => [`\`${code}\``, sentence]);
  return page(
    'Failure codes',
    'Codes are stable: they are never renamed. What a gate says against closing has a [code of its own](gate-codes.md).',
    table(['Code', 'Meaning'], rows),
  );
}

/** Every code that a gate gives, as the gates declare them, in the order in which they speak. */
export function gateCodesPage(): string {
  const sections = gates.flatMap(({ id, codes, stages: spokenIn, mayBeAdvisory }) => [
    `## ${id}`,
    `Speaks in ${spokenIn.length === stages.length ? 'every stage' : spokenIn.join(', ')}. ${
      mayBeAdvisory ? 'Can be waived.' : 'Cannot be waived: without it there is nothing to close on.'
    }`,
    table(
      ['Code', 'Meaning'],
      Object.entries(codes).map(([code, sentence]) => [`\`${code}\``, sentence]),
    ),
  ]);
  return page(
    'Gate codes',
    'What each gate can say against closing a wave, in the order in which the gates speak, and what can be waived of the judgement of a slice. `decide --waive CODE` takes these codes and no other; `<state>` stands for any word. Codes are stable: they are never renamed.',
    ...sections,
    '## The slice of an agent',
    'Judged by the agent itself, before any gate. Can be waived: then work that was refused for nothing else is judged again, and no agent runs.',
    table(
      ['Code', 'Meaning'],
      Object.entries(waivableSliceCodes).map(([code, sentence]) => [`\`${code}\``, sentence]),
    ),
  );
}

function optionWords(kind: OptionKind): string {
  if (typeof kind === 'object') return kind.enum.map((word) => `\`${word}\``).join(', ');
  const words: Record<Exclude<OptionKind, object>, string> = {
    string: 'text',
    command: 'command line, split by POSIX quoting, without a shell',
    int: 'whole number from 1 on',
    bool: '`true` or `false`',
    list: 'comma-separated words',
    json: 'one JSON object on one line',
  };
  return words[kind];
}

/** Sections of a wave file and keys of `### Executor`. */
export function waveFilePage(): string {
  const executors = vocabularies.flatMap(({ executorId, keys, allowedBesideOthers }) => [
    `### ${executorId}`,
    table(
      ['Key', 'Value', 'Beside another id'],
      Object.entries(keys).map(([key, kind]) => [
        `\`${executorId}.${key}\``,
        optionWords(kind),
        yesOrNo(allowedBesideOthers?.includes(key) ?? false),
      ]),
    ),
  ]);
  return page(
    'Words of a wave file',
    `Sections of the wave: ${waveSections.map((name) => `\`## ${name}\``).join(', ')}.`,
    `Sections of an agent block: ${agentSections.map((name) => `\`### ${name}\``).join(', ')}.`,
    '## Executor keys',
    'In `wave.config.json` the same options stand under `executors.<id>` with names like `addDirs` for `add_dirs`.',
    ...executors,
  );
}
