/**
 * How Nx Cloud is configured for an Nx. `flags`: of `nx-cloud start-ci-run`. `ci-config`: `.nx/ci-config.yaml`, read by
 * `nx-cloud start-nx-agents`. `workers`: `nx-cloud start-workers`, which still reads that file.
 */
export type CloudForm = 'flags' | 'ci-config' | 'workers';

/** The first Nx of each later form. */
const firsts: readonly [form: CloudForm, version: readonly number[]][] = [
  ['workers', [24, 0, 6]],
  ['ci-config', [23, 3, 2]],
];

/** The form for a version of Nx, `24.0.0` say; a version that is not known gets the oldest, which every Nx understands. */
export function cloudFormOf(version: string | null): CloudForm {
  const parts = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return 'flags';
  return firsts.find(([, first]) => !isBefore(parts, first))?.[0] ?? 'flags';
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((part, place) => part !== other[place]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}
