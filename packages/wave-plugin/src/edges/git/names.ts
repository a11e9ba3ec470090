const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte of a name that is not UTF-8, as `decodeName` carries it. With `u`, only a lone surrogate matches. */
const carriedByte = /[\udc80-\udcff]/u;

function decodes(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** How many bytes the character has that begins with this one, if it is one. */
function lengthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/**
 * A name of git or of the disk as text, without loss: names are bytes. A byte that is not UTF-8 becomes a lone surrogate
 * U+DC80…U+DCFF, as Python's `surrogateescape` does (PEP 383); JSON keeps it. `nameBytes` is the way back.
 */
export function decodeName(bytes: Uint8Array): string {
  const whole = decodes(bytes);
  if (whole !== null) return whole;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lengthOf(lead);
    const character = decodes(bytes.subarray(at, at + length));
    text += character ?? String.fromCharCode(0xdc00 + lead);
    at += character === null ? 1 : length;
  }
  return text;
}

/** The bytes of a text that holds names. */
export function nameBytes(text: string): Buffer {
  if (isUtf8Name(text)) return Buffer.from(text, 'utf8');
  const parts = [...text].map((character) =>
    carriedByte.test(character)
      ? Buffer.from([character.charCodeAt(0) - 0xdc00])
      : Buffer.from(character, 'utf8'),
  );
  return Buffer.concat(parts);
}

/** A path as the file system takes it: text where it is UTF-8, bytes elsewhere. */
export function diskPath(path: string): string | Buffer {
  return isUtf8Name(path) ? path : nameBytes(path);
}

/** Whether a name can stand in a record: every byte of it is UTF-8. */
export function isUtf8Name(name: string): boolean {
  return !carriedByte.test(name);
}

/** A name for people: bytes that are not UTF-8 as `\xe9`. */
export function showName(name: string): string {
  return name.replace(
    new RegExp(carriedByte, 'gu'),
    (byte) => `\\x${(byte.charCodeAt(0) - 0xdc00).toString(16).padStart(2, '0')}`,
  );
}

/** Splits NUL-terminated output of git into names. */
export function splitNul(bytes: Uint8Array): string[] {
  const parts = decodes(bytes)?.split('\0') ?? splitBytes(bytes).map(decodeName);
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
    parts.push(bytes.subarray(from, end));
    from = end + 1;
  }
  parts.push(bytes.subarray(from));
  return parts;
}
