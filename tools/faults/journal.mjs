import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * What a run has done so far, in a file of one JSON value a line: what was asked for, the rows with their trials, then each
 * result. A run that was cut short goes on with the same rows. Without a path nothing is kept. A file of another commit or of
 * other options is an error: its figures belong to something else.
 */
export function openJournal(path, asked) {
  const wanted = JSON.stringify(asked);
  const lines =
    path !== undefined && existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .flatMap((line) => parsed(line))
      : [];
  const [head, ...rest] = lines;
  if (head !== undefined && head.asked !== wanted)
    throw new Error(`${path} belongs to another run: ${head.asked}. Remove it, or name another file.`);
  const add = (value) => path !== undefined && appendFileSync(path, `${JSON.stringify(value)}\n`);
  return {
    /** The rows of the run that was cut short, or those that `plan` makes. */
    rows: async (plan) => {
      if (head !== undefined) return head.rows;
      const planned = await plan();
      if (path !== undefined) writeFileSync(path, `${JSON.stringify({ asked: wanted, rows: planned })}\n`);
      return planned;
    },
    done: (row) => rest.filter((line) => line.row === row).map(({ result }) => result),
    add: (row, result) => add({ row, result }),
    /** With those of the runs before. */
    cpuMinutes: (now) => {
      add({ cpuMinutes: now });
      return rest.reduce((sum, line) => sum + (line.cpuMinutes ?? 0), now);
    },
  };
}

/** A last line that was cut off is none. */
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
