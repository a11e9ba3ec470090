import { quote, type Diagnostics, type Spot } from './diagnostics';
import { nearest } from './nearest';
import { type Heading, type Source } from './source';

/** A heading and the lines below it up to the next heading of its level or above (`to` exclusive). */
export interface Section {
  title: string;
  heading: Heading;
  from: number;
  to: number;
}

/** All sections of one level between two lines (`to` exclusive). */
export function sectionsOf(
  source: Source,
  level: number,
  { from, to }: Pick<Section, 'from' | 'to'>,
): Section[] {
  const found: Section[] = [];
  for (const heading of headingsBetween(source, from, to)) {
    if (heading.level > level) continue;
    const last = found[found.length - 1];
    if (last && last.to === to && last.heading.index < heading.index) last.to = heading.index;
    if (heading.level === level) found.push({ title: heading.title, heading, from: heading.index + 1, to });
  }
  return found;
}

/** Headings whose line lies in [from, to), found by binary search: agents do not scan each other's headings. */
function headingsBetween(source: Source, from: number, to: number): Heading[] {
  const { headings } = source;
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((headings[middle] as Heading).index < from) low = middle + 1;
    else high = middle;
  }
  const found: Heading[] = [];
  for (let at = low; at < headings.length && (headings[at] as Heading).index < to; at += 1) {
    found.push(headings[at] as Heading);
  }
  return found;
}

export function headingSpot(heading: Heading): Spot {
  return { index: heading.index, column: heading.column, length: heading.title.length };
}

/** Sorts the sections of an agent block under their known names; says what is unknown, misspelled or doubled. */
export function knownSections(
  sections: readonly Section[],
  known: readonly string[],
  diagnostics: Diagnostics,
): Map<string, Section> {
  const byName = new Map<string, Section>();
  for (const section of sections) {
    const spot = headingSpot(section.heading);
    if (known.includes(section.title)) {
      const first = byName.get(section.title);
      if (!first) byName.set(section.title, section);
      else
        diagnostics.error('section-duplicate', spot, {
          message: `The section ${quote(section.title)} stands twice in this block; it began on line ${first.heading.index + 1}.`,
          next: 'Merge the two sections into one.',
        });
      continue;
    }
    const meant = diagnostics.isFull ? null : nearest(section.title, known);
    if (meant === null)
      diagnostics.warning('section-unknown', spot, {
        message: `Nothing reads a section ${quote(section.title)} in an agent block.`,
        next: 'Move it to a `##` section of its own, or into the prompt.',
      });
    else
      diagnostics.error('section-misspelled', spot, {
        message: `${quote(section.title)} is no section of an agent block; ${quote(meant)} is.`,
        next: `Write \`### ${meant}\`.`,
        facts: { nearest: meant },
      });
  }
  return byName;
}
