import type { Failure, Place } from '@nx-wave/schemas/plain';

function describePlace(place: Place): string {
  const start = place.range?.start;
  const position = start ? `:${start.line}:${start.column}` : '';
  const file = place.path === undefined ? [] : [`${place.path}${position}`];
  const agent = place.agentId === undefined ? [] : [`agent ${place.agentId}`];
  return [...(place.wave === undefined ? [] : [place.wave]), ...agent, ...file].join(', ');
}

/** A failure for the person who must act: what, where, the offending text, and what to do next. */
export function describeFailure(failure: Failure): string {
  const where = failure.place ? describePlace(failure.place) : '';
  return [
    `${failure.severity} ${failure.code}${where === '' ? '' : ` (${where})`}: ${failure.message}`,
    ...(failure.excerpt === undefined ? [] : failure.excerpt.split('\n').map((line) => `    ${line}`)),
    ...(failure.next === undefined ? [] : [`  next: ${failure.next}`]),
  ].join('\n');
}
