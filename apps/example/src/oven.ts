const startMinutes = 15;
const gramsPerMinute = 30;

/** How long one loaf of this weight bakes at 230 °C: a fixed start, then a minute for every 30 g. */
export function bakeMinutes(doughGrams: number): number {
  return Math.round(startMinutes + doughGrams / gramsPerMinute);
}
