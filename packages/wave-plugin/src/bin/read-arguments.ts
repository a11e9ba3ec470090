import { parseArgs } from 'node:util';

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const help = { help: { ...flag, short: 'h' } } as const;

const envelopeOptions = {
  ...help,
  detail: text,
  state: text,
  completion: text,
  durability: text,
  proof: text,
  payload: text,
  more: text,
  doc: texts,
  component: texts,
} as const;
const checkOptions = { ...help, watch: flag } as const;

export type EnvelopeArguments = ReturnType<typeof parseArgs<{ options: typeof envelopeOptions }>>['values'];

export type Arguments =
  | { command: 'help' }
  | { command: 'envelope'; values: EnvelopeArguments }
  | { command: 'check'; file: string; watch: boolean };

/** What the words behind `nx-wave` ask for; null where there is no such command. Throws, as `parseArgs` does, for an option that it has not. */
export function readArguments([command, ...args]: readonly string[]): Arguments | null {
  if (command === 'envelope') {
    const { values, positionals } = parseArgs({ args, options: envelopeOptions, allowPositionals: true });
    if (values.help === true) return { command: 'help' };
    return positionals.length === 0 ? { command, values } : null;
  }
  if (command === 'check') {
    const { values, positionals } = parseArgs({ args, options: checkOptions, allowPositionals: true });
    if (values.help === true) return { command: 'help' };
    const [file, ...more] = positionals;
    return file !== undefined && more.length === 0 ? { command, file, watch: values.watch === true } : null;
  }
  return command === undefined || command === '--help' || command === '-h' ? { command: 'help' } : null;
}
