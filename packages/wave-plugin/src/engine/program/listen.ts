import { type StreamReader } from '../../adapters/adapter';
import { mayHoldEvents } from '../../adapters/json-lines';
import { createLineSplitter } from '../../edges/processes/lines';
import { type Redactor } from '../../edges/processes/redact';
import { createProgress } from './progress';
import { type ProgramRequest } from './program';
import { shorten } from './shorten';

/** Bytes in; lines to the reader as they are, to transcript and terminal redacted, each by its own rules. */
export function createListener(
  run: Pick<ProgramRequest, 'onLine' | 'writeTranscript' | 'clock'>,
  reader: StreamReader,
  { terminal, disk, afterLine }: { terminal: Redactor; disk: Redactor; afterLine: () => void },
) {
  // Shortened last: the first part of a secret is no secret that anything would find.
  const progress = createProgress((text) => run.onLine(shorten(terminal.redactStart(text))), run.clock.now);
  const splitterOf = (stream: 'stdout' | 'stderr') => {
    const toDisk = disk.createLineRedactor();
    const toReader = terminal === disk ? null : terminal.createLineRedactor();
    return createLineSplitter({
      safeCut: terminal.safeCut,
      onLine: (line, whole) => {
        const kept = toDisk(line);
        run.writeTranscript(JSON.stringify({ stream, text: kept }));
        // Only the line before tells that this one belongs to a key: words of a program are read without secrets. Events
        // are whole in themselves, and a placeholder might break them.
        const clean = toReader === null ? kept : toReader(line);
        if (!whole) return;
        for (const seen of reader.read(mayHoldEvents(line) ? line : clean, stream)) progress.add(seen);
        afterLine();
      },
    });
  };
  const splitters = { stdout: splitterOf('stdout'), stderr: splitterOf('stderr') };
  return {
    onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => splitters[stream].push(chunk),
    end: () => {
      splitters.stdout.end();
      splitters.stderr.end();
      progress.end();
    },
  };
}
