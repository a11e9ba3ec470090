import type { Fact, WaveRecord } from '@nx-wave/schemas';

/** What earlier agents left: judged agents of the upstream verdict, and handoffs of the agents that one depends on. */
export interface InboxSource {
  /** Unit id. */
  agentId: string;
  role: string;
  records: readonly WaveRecord[];
  facts: readonly Fact[];
  judgement: Readonly<Record<string, unknown>>;
}
