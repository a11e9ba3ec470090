import { type StreamReader } from '../../adapters/adapter';
import { createLineSplitter } from '../../edges/processes/lines';
import { type Redactor } from '../../edges/processes/redact';
import { createProgress } from './progress';
import { type ProgramRequest } from './program';
import { shorten } from './shorten';

/** Bytes in; lines to the reader as they are, to transcript and terminal redacted, each by its own rules. */
export function createListener(
  run: Pick<ProgramRequest, 'onLine' | 'writeTranscript' | 'clock'>,
  reader: StreamReader,
  { terminal, disk }: { terminal: Redactor; disk: Redactor },
  afterLine: () => void,
) {
  // Shortened last: the first part of a secret is no secret that anything would find.
  const progress = createProgress((text) => run.onLine(shorten(terminal.redact(text))), run.clock.now);
  const splitterOf = (stream: 'stdout' | 'stderr') => {
    const redactLine = disk.createLineRedactor();
    return createLineSplitter({
      safeCut: terminal.safeCut,
      onLine: (line, whole) => {
        run.writeTranscript(JSON.stringify({ stream, text: redactLine(line) }));
        if (!whole) return;
        for (const seen of reader.read(line, stream)) progress.add(seen);
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
