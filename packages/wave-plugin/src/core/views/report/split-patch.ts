/** What a patch of git changes in one file. */
export interface FilePatch {
  /** The path as the patch names it; null where it cannot be read from it. */
  path: string | null;
  /** Its part of the patch, from `diff --git` on. */
  text: string;
  added: number;
  removed: number;
}

/**
 * A patch as git writes it (`git diff --binary`), by file. Lines of content begin with a blank, `+`, `-` or `\`, so that no
 * content is taken for the head of a file; heads are read only before the first hunk.
 */
export function splitPatch(patch: string): FilePatch[] {
  const starts = [...patch.matchAll(/^diff --git /gm)].map(({ index }) => index);
  return starts.map((start, at) => readFile(patch.slice(start, starts[at + 1]).trimEnd()));
}

function readFile(text: string): FilePatch {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('@@ ') || line.startsWith('GIT binary patch'));
  const head = from < 0 ? lines : lines.slice(0, from);
  const content = from < 0 || lines[from]?.startsWith('GIT') === true ? [] : lines.slice(from);
  return {
    path: pathOf(head),
    text,
    added: content.filter((line) => line.startsWith('+')).length,
    removed: content.filter((line) => line.startsWith('-')).length,
  };
}

/** From `+++`, of a removed file from `---`, else from the first line, whose two names are the same. */
function pathOf(head: readonly string[]): string | null {
  const named = (start: string, prefix: string) => {
    const line = head.find((one) => one.startsWith(start));
    if (line === undefined) return null;
    const name = unquote(line.slice(start.length).replace(/\t$/, ''));
    return name.startsWith(prefix) ? name.slice(prefix.length) : null;
  };
  return named('+++ ', 'b/') ?? named('--- ', 'a/') ?? sameNames(head[0] ?? '');
}

function sameNames(first: string): string | null {
  const names = first.slice('diff --git '.length);
  const half = (names.length - 1) / 2;
  const [before, after] = [unquote(names.slice(0, half)), unquote(names.slice(half + 1))];
  return before.slice(2) === after.slice(2) && before.startsWith('a/') ? after.slice(2) : null;
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A name in quotes, as git writes one with unusual letters: bytes in octal, some signs by a letter. */
function unquote(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name;
  const byte = (value: number) => `%${value.toString(16).padStart(2, '0')}`;
  try {
    const parts = [...name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)];
    const encoded = parts.map(([whole, octal, letter]) => {
      if (octal !== undefined) return byte(Number.parseInt(octal, 8) & 0xff);
      const named = escapes[letter ?? ''];
      return named === undefined ? encodeURIComponent(letter ?? whole) : byte(named);
    });
    return decodeURIComponent(encoded.join(''));
  } catch {
    // Bytes that are no UTF-8: the name as git wrote it says which.
    return name;
  }
}
