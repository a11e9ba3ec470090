import { type DocumentName } from '../documents';
import { upcastContradiction, upcastFact, upcastHumanInput, upcastRecord } from './coordination';
import { upcastEnvelope } from './envelope';
import { upcastEvent } from './event';
import { upcastRetryPlan } from './retry-plan';
import { upcastTask } from './task';

/** What a document does not say of itself. */
export interface Origin {
  /** Position of an event in its log, from 0. */
  seq?: number;
}

/** One reader per document that the earlier wave system wrote in a shape of its own. */
const readers: Partial<Record<DocumentName, (value: unknown, origin: Origin) => unknown>> = {
  'result-envelope': upcastEnvelope,
  'retry-plan': upcastRetryPlan,
  task: upcastTask,
  'control-plane-event': (value, { seq = 0 }) => upcastEvent(value, seq),
  record: upcastRecord,
  fact: upcastFact,
  contradiction: upcastContradiction,
  'human-input': upcastHumanInput,
};

/**
 * The one door for documents of an older shape: gives them the present shape, and leaves present ones and what it does
 * not know as they are. Nothing is claimed that the document does not say; the schema judges what comes out. Never throws.
 */
export function upcast(name: DocumentName, value: unknown, origin: Origin = {}): unknown {
  const reader = readers[name];
  return reader ? reader(value, origin) : value;
}
