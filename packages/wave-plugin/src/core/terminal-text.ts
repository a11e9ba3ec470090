/** Colours and cursor moves. */
const sequence = new RegExp(`${String.fromCharCode(27)}\\[[0-?]*[ -/]*[@-~]`, 'g');
/** What steers a terminal, or shows letters in another order than they stand in. */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text of any number of lines as a terminal may have it: what agents, their files and their tests are called and say
 * cannot move its cursor, rename its window or write to its clipboard. Colours go, everything else becomes visible.
 */
export function terminalText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(sequence, '')
    .replace(steering, (sign) =>
      sign === '\n' || sign === '\t' ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** A name, such as a path, as one line: git and file systems allow line breaks in it, and they are shown, not made. */
export function visibleName(name: string): string {
  return name.replace(steering, (sign) =>
    sign === '\n' ? '\\n' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same in one line: what steers becomes a space. */
export function oneLine(text: string): string {
  return text.replace(sequence, '').replace(steering, ' ').replace(/ {2,}/g, ' ');
}

/** The same sign for sign, so that places in the text stay what they are, and nothing that is there is hidden. Tabs stay. */
export function harmless(text: string): string {
  return text.replace(steering, (sign) => (sign === '\t' ? sign : '\ufffd'));
}
