/** Decides what the model does next. Pure, but for the faults that are used up. */

/** Some programs tell their model so, and leave it at that. */
const outOfSteps = /MAXIMUM STEPS REACHED/;

const marker = /\[test-script:([\w.-]+)\]/;

/**
 * @typedef {{ say?: string, run?: string, write?: string, content?: string }} Step
 * @typedef {{ status?: number, kind?: 'hang' | 'cut' | 'stall' | 'too-long', retryAfter?: number, body?: unknown, times?: number, only?: string, helpers?: boolean }} Fault
 * @typedef {'refused' | 'filtered' | 'length'} Ending
 * @typedef {{ steps?: Step[], loop?: boolean, obeys?: boolean, final?: string, ends?: Ending, structured?: unknown, again?: Step[], faults?: Fault[] }} Script
 * @typedef {{ prompts: string[], results: number, tools: string[], cwd: string | null, told: (words: RegExp) => boolean }} Conversation
 * `prompts`: what the user said, oldest first; `results`: tool results since the last of them; `told`: whether anything in it
 * has such words.
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
 * What to answer: a text, and a tool call where there is still something to do. `ends`: how an answer without a call ends;
 * null is well.
 * @param {ReturnType<typeof findScript>} found @param {Conversation} conversation
 */
export function nextAnswer(found, conversation) {
  const said = (text) => ({ text, call: null, ends: null });
  if (conversation.tools.length === 0) return said('A title');
  if (found === null) return said('No script is named in the prompt.');
  const { script, steps } = found;
  if (script.obeys && conversation.told(outOfSteps)) return said('The steps are used up.');
  const step = steps[script.loop ? conversation.results % steps.length : conversation.results];
  if (step !== undefined) return { text: step.say ?? '', call: toolCall(step, conversation), ends: null };
  const wantsStructure = conversation.tools.includes('StructuredOutput') && script.structured !== undefined;
  if (wantsStructure && conversation.results === steps.length) {
    return { text: '', call: { name: 'StructuredOutput', input: script.structured }, ends: null };
  }
  const final =
    script.structured === undefined ? (script.final ?? 'Done.') : JSON.stringify(script.structured);
  return { text: final, call: null, ends: script.ends ?? null };
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
    /**
     * The fault for this request, or null. `path`: where the request went. Requests that offer no tools are a program's own
     * helpers, for a title or a summary: they fail with the others only where a fault says `helpers`.
     */
    take(found, path, { tools }) {
      const faults = (found?.script.faults ?? []).filter(
        ({ only, helpers }) =>
          (only === undefined || path.endsWith(only)) && (helpers === true || tools.length > 0),
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
