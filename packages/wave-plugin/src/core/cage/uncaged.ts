/** What a person is told before something runs without a cage: that nobody holds it, and that most of what it does is not seen. */
export function toldUncaged(why: string | null): string {
  return `without a cage: ${why}. What it reads, calls, leaves running, or writes outside of this repository is neither held nor seen.`;
}
