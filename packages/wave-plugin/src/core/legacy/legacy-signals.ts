import { readMarker, type MarkerKind } from './markers';
import { markerLines } from './scan-log';

type Values = Readonly<Record<string, string>>;

/** Everything that a log claims by markers. The last accepted marker of a kind counts; gaps are all kept. */
export interface LegacySignals {
  /** Markers that stand alone, by kind. */
  last: Partial<Record<MarkerKind, Values>>;
  /** The last per component, in order of first mention. */
  components: Values[];
  gaps: Values[];
  /** The last per kind and target. */
  infra: Values[];
  /** Lines that carry a known tag and break its grammar: present is not the same as missing. */
  malformed: { kind: MarkerKind; line: string; why: string }[];
  /** What the log says about how the program ended. */
  terminated: 'max-turns' | 'timeout' | null;
}

export function readLegacySignals(log: string): LegacySignals {
  const signals: LegacySignals = {
    last: {},
    components: [],
    gaps: [],
    infra: [],
    malformed: [],
    terminated: terminationOf(log),
  };
  const components = new Map<string, Values>();
  const infra = new Map<string, Values>();
  for (const line of markerLines(log)) {
    const marker = readMarker(line);
    if (!marker) continue;
    if (!marker.ok) signals.malformed.push({ kind: marker.kind, line: marker.line, why: marker.why });
    else if (marker.kind === 'wave-component')
      components.set(marker.values['component'] ?? '', marker.values);
    else if (marker.kind === 'wave-gap') signals.gaps.push(marker.values);
    else if (marker.kind === 'infra-status')
      infra.set(`${marker.values['kind'] ?? ''} ${marker.values['target'] ?? ''}`, marker.values);
    else signals.last[marker.kind] = marker.values;
  }
  return { ...signals, components: [...components.values()], infra: [...infra.values()] };
}

/**
 * The verdict of a review report: `Verdict: PASS - why` at the start of a line. The first one counts, for reports are
 * appended below their newest verdict.
 */
export function readReportVerdict(report: string): { verdict: string; detail: string | null } | null {
  const match = /^verdict:[ \t]*(pass|concerns|blocked|hold|fail)\b[ \t]*([^\r\n]*)/im.exec(report);
  if (!match) return null;
  const detail = (match[2] as string).replace(/^[-–—:][ \t]*/, '').trim();
  return { verdict: asVerdict((match[1] as string).toLowerCase()), detail: detail === '' ? null : detail };
}

export function asVerdict(word: string): string {
  return word === 'fail' ? 'blocked' : word;
}

function terminationOf(log: string): LegacySignals['terminated'] {
  const tail = log.slice(-4_000);
  if (/reached max turns \(\d{1,9}\)/i.test(tail)) return 'max-turns';
  return /^[^\r\n]{0,200}\btimed out\b/im.test(tail) ? 'timeout' : null;
}
