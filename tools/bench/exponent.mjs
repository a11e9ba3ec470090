/**
 * The exponent of growth: the slope of the line through the points where both axes are logarithmic. 1 is linear, 2 quadratic.
 * `points`: `[size, milliseconds]`, two or more.
 */
export function exponentOf(points) {
  const logs = points.map(([size, ms]) => [Math.log(size), Math.log(Math.max(ms, 1e-6))]);
  const mean = (at) => logs.reduce((sum, one) => sum + one[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const along = logs.reduce((sum, one) => sum + (one[0] - x) * (one[1] - y), 0);
  return along / logs.reduce((sum, one) => sum + (one[0] - x) ** 2, 0);
}

/** A row that tells how something grows. `about`: what the sizes count. */
export function growthRow(name, about, points, more = {}) {
  return {
    name: `exponent, ${name} by ${about}`,
    ours: exponentOf(points),
    unit: `of ${about}`,
    points,
    about,
    ...more,
  };
}
