/** What a person adds to a plan: agents that shall run again although nothing demands it. */
export interface RetryRequest {
  /** Agent or unit ids. */
  agents?: readonly string[];
}
