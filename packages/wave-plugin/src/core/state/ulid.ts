const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value, left = length; left > 0; left -= 1, rest /= 32n)
    text = alphabet.charAt(Number(rest % 32n)) + text;
  return text;
}

function decode(text: string): bigint {
  return [...text].reduce((value, char) => value * 32n + BigInt(alphabet.indexOf(char)), 0n);
}

/**
 * The id of a new ledger entry: a ULID of `nowMs` and 10 random bytes. Order of entries is order of ids, so an id that
 * would not come after `after` (a clock that went back, two entries in one millisecond) becomes the one right after it.
 */
export function nextUlid(input: { nowMs: number; random: Uint8Array; after: string | null }): string {
  const entropy = [...input.random.slice(0, 10)].reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const id = encode(BigInt(Math.max(0, Math.floor(input.nowMs))), 10) + encode(entropy, 16);
  if (input.after === null || id > input.after) return id;
  return encode(decode(input.after) + 1n, 26);
}
