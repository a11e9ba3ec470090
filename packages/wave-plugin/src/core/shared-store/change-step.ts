/** What a decision about a stored object of kind `D` ends in; `T` is what the caller gets to know of it. */
export type ChangeStep<D, T> =
  /** Compare-and-swap this over what was looked at, with an `op` of its own; what `landed` says holds once it is acknowledged. */
  | { do: 'write'; body: D; landed: T }
  /** It is so already, by an earlier write of the same holder. */
  | { do: 'done'; landed: T }
  /** Nothing may be written. */
  | { do: 'stop'; why: T };
