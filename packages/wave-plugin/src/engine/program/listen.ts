import { type StreamReader } from '../../adapters/adapter';
import { createLineSplitter } from '../../edges/processes/lines';
import { type Redactor } from '../../edges/processes/redact';
import { createProgress } from './progress';
import { type ProgramRequest } from './program';

/** Bytes in; lines to the reader as they are, to transcript and terminal redacted. */
export function createListener(
  run: Pick<ProgramRequest, 'onLine' | 'writeTranscript' | 'clock'>,
  reader: StreamReader,
  redactor: Redactor,
  afterLine: () => void,
) {
  const progress = createProgress((text) => run.onLine(redactor.redact(text)), run.clock.now);
  const splitterOf = (stream: 'stdout' | 'stderr') => {
    const redactLine = redactor.createLineRedactor();
    return createLineSplitter({
      safeCut: redactor.safeCut,
      onLine: (line, whole) => {
        run.writeTranscript(JSON.stringify({ stream, text: redactLine(line) }));
        if (!whole) return;
        for (const seen of reader.read(line, stream)) progress(seen);
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
    },
  };
}
