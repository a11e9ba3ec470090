import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Failure } from '@nx-wave/schemas/plain';
import { describeWriteError } from '../files/io-errors';

const mib = 1024 * 1024;
/** Lines wait in memory up to this size, and no longer than until the event loop comes round. */
const bufferSize = mib / 4;

export interface TranscriptLimits {
  /** Bytes that are kept from the start on. */
  head: number;
  /** Bytes that are kept of the end, of what is beyond the head. */
  tail: number;
}

const usualLimits: TranscriptLimits = { head: 64 * mib, tail: 4 * mib };

/** A transcript that grows while a program runs. It never fails its run: what went wrong is told at the end. */
export interface Transcript {
  /** One line without its line break. */
  write(line: string): void;
  /** Writes what is left; tells why the transcript is not whole, or null. */
  close(): Failure | null;
}

/**
 * Appends to a file synchronously: while the disk is slow the program waits at its pipe, and no line piles up in memory.
 * Of more output than anyone reads, the start and the end are kept and the number of lines between them is told.
 */
export function openTranscript(path: string, limits: TranscriptLimits = usualLimits): Transcript {
  let file: number | null = null;
  let problem: Failure | null = null;
  let waiting: string[] = [];
  let waitingSize = 0;
  let written = 0;
  let flushSoon: NodeJS.Immediate | null = null;
  const tail = createTail(limits.tail);

  const attempt = (act: () => void): void => {
    if (problem !== null) return;
    try {
      act();
    } catch (error) {
      problem = describeWriteError(path, error);
    }
  };
  const flush = (): void => {
    if (flushSoon !== null) clearImmediate(flushSoon);
    flushSoon = null;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    waitingSize = 0;
    attempt(() => {
      for (let at = 0; file !== null && at < bytes.length;) at += writeSync(file, bytes, at);
    });
  };
  const append = (text: string): void => {
    waiting.push(text);
    waitingSize += text.length;
    if (waitingSize >= bufferSize) flush();
    else flushSoon ??= setImmediate(flush);
  };

  attempt(() => {
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(path, 'a', 0o600);
  });
  return {
    write(line) {
      const text = `${line}\n`;
      const size = Buffer.byteLength(text);
      if (written + size <= limits.head) append(text);
      else tail.add(text, size);
      // Once a line did not fit, everything after it belongs to the end.
      written = written + size <= limits.head ? written + size : Number.POSITIVE_INFINITY;
    },
    close() {
      const { lines, left } = tail.take();
      if (left > 0)
        append(
          `${JSON.stringify({ stream: 'runner', text: `${left} ${left === 1 ? 'line is' : 'lines are'} left out here` })}\n`,
        );
      lines.forEach(append);
      flush();
      if (file !== null) closeSync(file);
      file = null;
      return problem;
    },
  };
}

/** The last lines of a stream, in bounded memory. */
function createTail(most: number) {
  let lines: { text: string; size: number }[] = [];
  let first = 0;
  let held = 0;
  let left = 0;
  return {
    add(text: string, size: number): void {
      lines.push({ text, size });
      held += size;
      while (held > most && first < lines.length) {
        held -= lines[first]?.size ?? 0;
        first += 1;
        left += 1;
      }
      // Now and then, so that dropping a line costs nothing on average.
      if (first > 1_000 && first * 2 > lines.length) {
        lines = lines.slice(first);
        first = 0;
      }
    },
    take: () => ({ lines: lines.slice(first).map(({ text }) => text), left }),
  };
}
