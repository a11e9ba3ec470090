/** Decides what the model does next. Pure, but for the faults that are used up. */

const marker = /\[test-script:([\w.-]+)\]/;

/**
 * @typedef {{ say?: string, run?: string, write?: string, content?: string }} Step
 * @typedef {{ status?: number, kind?: 'hang' | 'cut' | 'stall', retryAfter?: number, body?: unknown, times?: number, only?: string }} Fault
 * @typedef {{ steps?: Step[], final?: string, structured?: unknown, again?: Step[], faults?: Fault[] }} Script
 * @typedef {{ prompts: string[], results: number, tools: string[], cwd: string | null }} Conversation
 * `prompts`: what the user said, oldest first; `results`: tool results since the last of them.
 */

/** @param {Record<string, Script>} scripts @param {Conversation} conversation */
export function findScript(scripts, { prompts }) {
  const named = prompts.map((prompt) => marker.exec(prompt)?.[1]).filter((name) => name !== undefined);
  const name = named.at(-1);
  const script = name === undefined ? undefined : scripts[name];
  if (name === undefined || script === undefined) return null;
  const isLater = marker.exec(prompts.at(-1) ?? '') === null;
  return { name, script, steps: isLater ? (script.again ?? script.steps ?? []) : (script.steps ?? []) };
}

/**
 * What to answer: a text, and a tool call where there is still something to do.
 * @param {ReturnType<typeof findScript>} found @param {Conversation} conversation
 */
export function nextAnswer(found, conversation) {
  if (conversation.tools.length === 0) return { text: 'A title', call: null };
  if (found === null) return { text: 'No script is named in the prompt.', call: null };
  const { script, steps } = found;
  const step = steps[conversation.results];
  if (step !== undefined) return { text: step.say ?? '', call: toolCall(step, conversation) };
  const wantsStructure = conversation.tools.includes('StructuredOutput') && script.structured !== undefined;
  if (wantsStructure && conversation.results === steps.length) {
    return { text: '', call: { name: 'StructuredOutput', input: script.structured } };
  }
  const final =
    script.structured === undefined ? (script.final ?? 'Done.') : JSON.stringify(script.structured);
  return { text: final, call: null };
}

/** Every program names its tools differently; files fall back to the shell. */
function toolCall(step, { tools, cwd }) {
  const has = (name) => tools.includes(name);
  if (step.write !== undefined) {
    const content = step.content ?? '';
    const absolute = `${cwd}/${step.write}`;
    if (has('Write') && cwd !== null) return { name: 'Write', input: { file_path: absolute, content } };
    if (has('write') && cwd !== null) return { name: 'write', input: { filePath: absolute, content } };
    const folder = step.write.includes('/')
      ? `mkdir -p ${quote(step.write.replace(/\/[^/]*$/, ''))} && `
      : '';
    return shellCall(`${folder}printf %s ${quote(content)} > ${quote(step.write)}`, has);
  }
  return shellCall(step.run ?? 'true', has);
}

function shellCall(command, has) {
  if (has('Bash')) return { name: 'Bash', input: { command, description: 'scripted' } };
  if (has('bash')) return { name: 'bash', input: { command, description: 'scripted' } };
  if (has('exec_command')) return { name: 'exec_command', input: { cmd: command } };
  if (has('shell_command')) return { name: 'shell_command', input: { command } };
  if (has('shell')) return { name: 'shell', input: { command: ['bash', '-lc', command] } };
  return null;
}

function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Keeps count of the faults of every script. */
export function createFaults() {
  const used = new Map();
  return {
    /** The fault for this request, or null. `path`: where the request went. */
    take(found, path) {
      const faults = (found?.script.faults ?? []).filter(
        ({ only }) => only === undefined || path.endsWith(only),
      );
      const count = used.get(found?.name) ?? 0;
      let seen = 0;
      for (const fault of faults) {
        seen += fault.times ?? 1;
        if (count < seen) {
          used.set(found.name, count + 1);
          return fault;
        }
      }
      return null;
    },
    reset: () => used.clear(),
  };
}

const places = [
  /(?:Primary working directory|Working directory|cwd)["'>:\s*]+(\/[^\s"'\\<`]+)/i,
  /<cwd>\s*(\/[^\s<]+)/,
];

/** The working directory as the program tells it to its model. @param {string} text */
export function findWorkingDirectory(text) {
  for (const place of places) {
    const found = place.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}
