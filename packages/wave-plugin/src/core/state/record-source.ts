import type { Stage, WaveRecord } from '@nx-wave/schemas';

/** What is needed of an agent's result to know what it asks and answers. Handoffs and judged agents both fit. */
export interface RecordSource {
  /** Unit id. */
  agentId: string;
  stage: Stage;
  records: readonly WaveRecord[];
}
