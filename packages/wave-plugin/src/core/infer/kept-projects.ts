import type { WaveIdentity } from '../model';
import { isProjectOf } from './project-shape';
import type { InferredProject } from './inferred-project';

/** Projects that an earlier run inferred, each under the digest of everything that its inference read. */
export interface KeptProjects {
  /** The project of a key, or null: for an unknown key, and for anything that inference would not have made. */
  find(
    key: string,
    identity: Pick<WaveIdentity, 'project' | 'launcherDir'>,
    root: string,
  ): InferredProject | null;
  keep(key: string, project: InferredProject): void;
  /** What this run found or kept, for the next one; null where it was given just that. */
  text(): string | null;
}

/** Length of a key, and of the sign between it and its project. */
const keyLength = 64;

/**
 * Reads what `text()` gave before, one line for each project. Any text will do: a line that is none of ours is a miss.
 * Only what a run asks for is handed on, so the text never grows beyond the waves that there are.
 */
export function openKeptProjects(before: string | null): KeptProjects {
  const given = linesByKey(before ?? '');
  const used = new Map<string, string>();
  return {
    find: (key, identity, root) => {
      const json = given.get(key);
      if (json === undefined) return null;
      const project = parsed(json);
      if (!isProjectOf(project, identity, root)) return null;
      used.set(key, json);
      return project as InferredProject;
    },
    keep: (key, project) => {
      used.set(key, asciiJson(project));
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
