/** `1 agent`, `2 agents`: an amount with its word, for people. */
export function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? '' : 's'}`;
}
