/** Shorter values are words like `true`: to hide them would hide everything. */
export const shortestSecret = 8;
/** Leaves of a login that is kept as JSON: shorter ones are names of services and the like. */
const shortestLeaf = 16;
/** JSON in JSON in JSON doubles what stands before a sign each time. */
const mostEscapes = 16;

/**
 * Regular expressions for every form in which a value is usually met: as it is, escaped in JSON by whatever program and
 * however deep, in a URL, line by line, in base64 wherever the value begins in it, in hexadecimal digits. A value that is
 * itself JSON, as logins are, also as the long texts in it.
 */
export function secretForms(value: string): string[] {
  const texts = [value, ...value.split(/\r?\n/), ...leavesOf(value)].filter(
    (text) => text.length >= shortestSecret,
  );
  return [
    ...new Set(
      [...texts, ...texts.map((text) => text.trim())].filter((text) => text.length >= shortestSecret),
    ),
  ].flatMap(formsOf);
}

/** Regular expressions for every form of one text, and of no part of it. */
export function formsOf(text: string): string[] {
  return [written(text), ...encoded(text)];
}

/** The value as text, each sign in any of the ways in which it may be written. */
function written(text: string): string {
  let source = '';
  for (const [, escapes, sign] of text.matchAll(/(\\+)|([\s\S])/gu)) {
    source +=
      escapes !== undefined
        ? `\\\\{${escapes.length},${escapes.length * mostEscapes}}`
        : anyWayOf(sign ?? '');
  }
  return source;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
};

function anyWayOf(sign: string): string {
  if (/^[A-Za-z0-9]$/.test(sign)) return sign;
  const units = sign.split('').map((unit) => `u${anyCase(hexOf(unit.charCodeAt(0), 4))}`);
  const bytes = [...Buffer.from(sign)].map((byte) => `%${anyCase(hexOf(byte, 2))}`).join('');
  const ways = [literal(sign), shortEscapes[sign], units.join(`\\\\{1,${mostEscapes}}`), bytes];
  if (sign === ' ') ways.push('\\+');
  return `\\\\{0,${mostEscapes}}(?:${ways.filter((way) => way !== undefined).join('|')})`;
}

function hexOf(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function encoded(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = anyCase(bytes.toString('hex'));
  // What stands before it decides where in a group of three bytes it begins; the signs that it shares are left out.
  const inBase64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((whole.length * 8) / 6);
    return whole.toString('base64').slice(first, end).replace(/\+/g, '[+-]').replace(/\//g, '[/_]');
  });
  return [hex, ...inBase64];
}

/** The long texts in a value that is JSON; addresses are no secrets. */
function leavesOf(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  try {
    const texts: string[] = [];
    JSON.parse(value, (_key, inner: unknown) => {
      if (typeof inner === 'string' && inner.length >= shortestLeaf && !/\s|:\/\//.test(inner))
        texts.push(inner);
      return inner;
    });
    return texts;
  } catch {
    return [];
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
