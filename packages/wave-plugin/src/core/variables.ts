/**
 * Never taken over from the environment of a command, whoever asks: these steer Nx, npm, lerna, git and colour, and an
 * outer run must not steer what runs in a checkout.
 */
export const foreignVariables = /^(NX_|LERNA_|npm_|GIT_|WAVE_|FORCE_COLOR$|NODE_OPTIONS$)/i;

/** What the runner sets for proof commands: nobody else's value would hold. */
const runnerVariables =
  /^(HOME|PATH|CI|TMPDIR|TMP|TEMP|GIT_(CEILING_DIRECTORIES|CONFIG_GLOBAL|TERMINAL_PROMPT)|NX_.*|WAVE_.*)$/i;

/** One entry of `proof.env`. Without a value it is that of the environment of the command. */
export interface ProofVariable {
  name: string;
  value: string | null;
}

/** Reads `NAME` or `NAME=value`; null for what is neither, and for a variable that could not be given so. */
export function readVariable(text: string): ProofVariable | null {
  const found = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([^\0]*))?$/.exec(text);
  if (found === null) return null;
  const [, name = '', value = null] = found;
  if (runnerVariables.test(name) || (value === null && foreignVariables.test(name))) return null;
  return { name, value };
}
