import * as z from 'zod';
import { autopilotReportSchema, notificationSchema } from './autopilot';
import { capabilitiesSchema } from './capabilities';
import { closureSchema } from './closure';
import { componentMatrixSchema } from './component-matrix';
import { waveConfigSchema } from './config/schema';
import { contradictionSchema } from './contradiction';
import { resultEnvelopeSchema } from './envelope';
import { controlPlaneEventSchema } from './events';
import { failureSchema } from './failure-document';
import { handoffSchema } from './handoff';
import { humanInputSchema } from './human-input';
import { ledgerEntrySchema } from './ledger';
import { proofManifestSchema } from './manifest';
import { factSchema, recordSchema } from './record';
import { retryPlanSchema } from './retry-plan';
import { admissionSchema, checkpointSchema, claimSchema } from './shared-store';
import { taskSchema } from './task';
import { verdictSchema } from './verdict';
import { waveDefinitionSchema } from './wave';

/** A published document: its schema, what it is, and where it stands. */
export interface DocumentKind {
  schema: z.ZodType;
  /** One sentence for the reference. */
  about: string;
  /** Where it is found, or null where it only travels inside others. */
  path: string | null;
  version: number;
}

/** Every document that nx-wave reads or writes, by name. The name is also that of the JSON Schema file. */
export const documents = {
  'result-envelope': {
    schema: resultEnvelopeSchema,
    about: 'What an agent says of its slice, completed with what the runner measured.',
    path: '<state root>/<lane>-wave-launcher/results/wave-<n>/attempt-<a>/<agent>.json',
    version: 2,
  },
  'proof-manifest': {
    schema: proofManifestSchema,
    about: 'The manifest of a proof bundle: an in-toto Statement over every file of it.',
    path: '<state root>/<lane>-wave-launcher/results/wave-<n>/attempt-<a>/<agent>/manifest.json',
    version: 1,
  },
  handoff: {
    schema: handoffSchema,
    about: 'What a proven agent tells the rest of the wave; equal results have equal bytes.',
    path: '<state root>/<lane>-wave-launcher/handoff/wave-<n>/<agent>.json',
    version: 1,
  },
  verdict: {
    schema: verdictSchema,
    about: 'The judgement of one stage.',
    path: '<state root>/<lane>-wave-launcher/gates/wave-<n>/<stage>.json',
    version: 1,
  },
  closure: {
    schema: closureSchema,
    about: 'Whether the wave is closed, on what proof, and if not, why and what to do next.',
    path: '<state root>/<lane>-wave-launcher/closure/wave-<n>.json',
    version: 1,
  },
  'ledger-entry': {
    schema: ledgerEntrySchema,
    about: 'One decision of a person or of an applied plan; tracked and never edited.',
    path: '<waves folder>/wave-<n>.ledger/<ulid>-<type>.json',
    version: 1,
  },
  'control-plane-event': {
    schema: controlPlaneEventSchema,
    about: 'One observed event of a run; one JSON line each.',
    path: '<state root>/<lane>-wave-launcher/control-plane/wave-<n>.jsonl',
    version: 1,
  },
  'retry-plan': {
    schema: retryPlanSchema,
    about: 'What runs again and what is kept, from stored state alone.',
    path: '<state root>/<lane>-wave-launcher/retry/wave-<n>.json',
    version: 1,
  },
  'autopilot-report': {
    schema: autopilotReportSchema,
    about: 'What an autopilot was bound by, what it did, and how it ended.',
    path: '<state root>/<lane>-wave-launcher/status/autopilot-wave-<n>.json',
    version: 1,
  },
  notification: {
    schema: notificationSchema,
    about: 'What a notifier is told: how an autopilot ended, or which question waits.',
    path: null,
    version: 1,
  },
  claim: {
    schema: claimSchema,
    about: 'Who may pay an agent for a work key, what was paid so far, and what is proven.',
    path: '<store.url>/claims/<work key>',
    version: 1,
  },
  admission: {
    schema: admissionSchema,
    about: 'The budget and the places that all agents of a wave share, on all machines.',
    path: '<store.url>/waves/<wave>',
    version: 1,
  },
  checkpoint: {
    schema: checkpointSchema,
    about: 'Unfinished work of an agent: a start for the next attempt, never a proof.',
    path: '<store.url>/checkpoints/<sha256>: checkpoint.json',
    version: 1,
  },
  'wave-definition': {
    schema: waveDefinitionSchema,
    about: 'A wave file as its author wrote it down, before the configuration is applied.',
    path: null,
    version: 1,
  },
  'wave-config': {
    schema: waveConfigSchema,
    about: 'The configuration at the workspace root.',
    path: 'wave.config.json',
    version: 1,
  },
  'component-matrix': {
    schema: componentMatrixSchema,
    about: 'Where every component stands, and which wave lifts it where.',
    path: 'docs/plans/component-cutover-matrix.json',
    version: 1,
  },
  task: {
    schema: taskSchema,
    about: 'One thing that has to be done before a wave closes; derived, never stored.',
    path: null,
    version: 1,
  },
  'human-input': {
    schema: humanInputSchema,
    about: 'A question that an agent put to a person.',
    path: null,
    version: 1,
  },
  contradiction: {
    schema: contradictionSchema,
    about: 'Two claims that cannot both hold.',
    path: null,
    version: 1,
  },
  record: {
    schema: recordSchema,
    about: 'A typed record inside an envelope: how agents coordinate.',
    path: null,
    version: 1,
  },
  fact: {
    schema: factSchema,
    about: 'Something that an agent found out, with a stable id.',
    path: null,
    version: 1,
  },
  capabilities: {
    schema: capabilitiesSchema,
    about: 'What an agent program can do, as its adapter states it.',
    path: null,
    version: 1,
  },
  failure: {
    schema: failureSchema,
    about: 'Why something could not be done: a stable code, a place and a next step.',
    path: null,
    version: 1,
  },
} as const satisfies Record<string, DocumentKind>;

export type DocumentName = keyof typeof documents;

/** The JSON Schema (draft 2020-12) of a document. */
export function jsonSchemaOf(name: DocumentName): Record<string, unknown> {
  const { schema, about, version } = documents[name] as DocumentKind;
  const generated = z.toJSONSchema(schema, { io: 'input', reused: 'ref' }) as Record<string, unknown>;
  const { $schema, ...rest } = generated;
  return {
    $schema,
    $id: `https://nx-wave.dev/schemas/${name}.v${version}.json`,
    title: name,
    description: about,
    ...rest,
  };
}
