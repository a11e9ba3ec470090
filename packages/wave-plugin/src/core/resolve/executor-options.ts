import { type OptionValue } from '@nx-wave/schemas';
import { type OptionKind } from '../model';
import { oneOf } from '../parse/diagnostics';

/** An option of the configuration as the wave language has it: `allowedTools` is `allowed_tools`. */
export function optionKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The other way round. */
export function optionName(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

export function fitsKind(value: unknown, kind: OptionKind): value is OptionValue {
  if (typeof kind === 'object') return typeof value === 'string' && kind.enum.includes(value);
  switch (kind) {
    case 'string':
    case 'command':
      return typeof value === 'string' && value !== '';
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'json':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

const rules: Record<Exclude<OptionKind, object>, string> = {
  string: 'must be a text, and not be empty',
  command: 'must be a text, and not be empty',
  int: 'must be a whole number from 1 on',
  bool: 'must be true or false',
  list: 'must be a list of texts',
  json: 'must be an object',
};

/** What an option has to be, where it is not; null where it fits. */
export function checkOption(value: unknown, kind: OptionKind): string | null {
  if (fitsKind(value, kind)) return null;
  return typeof kind === 'object' ? `must be ${oneOf(kind.enum.map((word) => `"${word}"`))}` : rules[kind];
}
