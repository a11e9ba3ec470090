/** Above this the fault is no slow machine. */
const mostMs = 60_000;

/**
 * How a run ended that had come as far as it was meant to before its time limit: however slowly this machine starts a
 * program, the limit is doubled until the run did. The last end where it never does.
 */
export async function longEnough<End>(
  limitMs: number,
  run: (limitMs: number) => Promise<End>,
  cameFar: (end: End) => boolean,
): Promise<End> {
  const end = await run(limitMs);
  return cameFar(end) || limitMs > mostMs ? end : longEnough(limitMs * 2, run, cameFar);
}
