import { isOutline } from './outline-shape';
import type { WaveOutline } from './wave-outline';

/** Outlines that an earlier run made, each under the digest of everything that it was made from. */
export interface KeptOutlines {
  /** The outline of a key, or null: for an unknown key, and for anything that inference would not have made. */
  find(key: string): WaveOutline | null;
  keep(key: string, outline: WaveOutline): void;
  /** What this run found or kept, for the next one; null where it was given just that. */
  text(): string | null;
}

/** Length of a key, and of the sign between it and its project. */
const keyLength = 64;

/**
 * Reads what `text()` gave before, one line for each wave. Any text will do: a line that is none of ours is a miss.
 * Only what a run asks for is handed on, so the text never grows beyond the waves that there are.
 */
export function openKeptOutlines(before: string | null): KeptOutlines {
  const given = linesByKey(before ?? '');
  const used = new Map<string, string>();
  return {
    find: (key) => {
      const json = given.get(key);
      if (json === undefined) return null;
      const outline = parsed(json);
      if (!isOutline(outline)) return null;
      used.set(key, json);
      return outline;
    },
    keep: (key, outline) => {
      used.set(key, asciiJson(outline));
    },
    text: () => {
      if (used.size === given.size && [...used.keys()].every((key) => given.get(key) === used.get(key)))
        return null;
      return [...used].map(([key, json]) => `${key} ${json}\n`).join('');
    },
  };
}

function linesByKey(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    lines.set(text.slice(from, from + keyLength), text.slice(from + keyLength + 1, to));
    from = to + 1;
  }
  return lines;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** One byte for each character: half the memory, and twice as fast to read as text with a single sign beyond. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
