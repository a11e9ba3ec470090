/** A command of a wave that Nx never caches. */
export interface WaveCommand {
  /** The target, the executor and the folder of the executor. */
  target: string;
  description: string;
  example?: Record<string, unknown>;
}

/** One entry each, and one folder below `executors/`; `executors.json` is generated from both. */
export const waveCommands: readonly WaveCommand[] = [
  {
    target: 'plan',
    description: 'Shows what a launch would run, reuse or wait for, and why; runs nothing',
    example: { prompts: true },
  },
  {
    target: 'autopilot',
    description:
      'Launches, sends refused work back and launches again, until the wave is closed or a person has to speak; says its bounds first, and runs alone',
    example: { json: true },
  },
  {
    target: 'submit',
    description: 'Starts the autopilot without a terminal; runs alone',
  },
  {
    target: 'wait',
    description: 'Waits until the autopilot has ended, and tells how',
    example: { minutes: 30 },
  },
  {
    target: 'attach',
    description: 'Shows the output of the submitted autopilot until it has ended',
  },
  {
    target: 'retry',
    description: 'Prints the retry plan; --apply records it',
    example: { apply: true },
  },
  {
    target: 'answer',
    description: "Answers an agent's question",
    example: { request: 'A2-clarification-request-1', text: 'Keep both formats.' },
  },
  {
    target: 'decide',
    description: 'Records a decision: waive, amend, resolve, reassign, revoke',
    example: { amend: 'A2', paths: 'src/shared.ts', by: 'Ada', reason: 'needed by the new format' },
  },
  {
    target: 'adopt',
    description: "Takes a person's change as an agent's slice, verified like any other",
    example: { agent: 'A2', by: 'Ada', reason: 'two lines that the agent kept missing' },
  },
  {
    target: 'verify',
    description:
      'Checks every bundle of the wave again; --replay derives every verdict anew and compares bytes, --allowed-signers checks who signed',
    example: { replay: true },
  },
  {
    target: 'land',
    description: 'Applies the integrated patch of the closed wave, all or nothing',
    example: { commit: true },
  },
  {
    target: 'reopen',
    description: 'Reopens a landed wave',
    example: { by: 'Ada', reason: 'the release was withdrawn' },
  },
  {
    target: 'status',
    description: 'Shows the state of the wave; always writes status/wave-<n>.json',
    example: { json: true },
  },
  {
    target: 'watch',
    description:
      'Shows the agents of a running wave: state, time, turns, tokens, cost and what each did last; runs nothing',
    example: { once: true },
  },
  {
    target: 'report',
    description:
      'Writes whether the wave may land, what it changes, what that rests on and what it cost: for people, pull requests and CI',
    example: { format: 'markdown' },
  },
];
