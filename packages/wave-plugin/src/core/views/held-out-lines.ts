import type { WaveState } from '../state/wave-state';

/** How each held-out command ended on the merged tree, as far as that is known. */
export function heldOutLines(
  names: readonly string[],
  { prove, reasons }: Pick<WaveState, 'prove' | 'reasons'>,
): string[] {
  return names.map((name) => {
    const result = prove?.heldOut?.find((one) => one.name === name);
    const isRed = reasons.some(({ code, detail }) => code === 'held-out-red' && detail.includes(` ${name} `));
    if (result === undefined && !isRed) return `${name}: not run on this merged tree yet`;
    return `${name}: ${result?.passed === true ? 'passed' : 'red'} on the merged tree`;
  });
}
