import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { nearest } from '../core/parse/nearest';
import { waivableSliceCodes, type WaivableSliceCode } from '../core/verify/slice-waivers';
import type { Gate } from './gate';
import { gates as registered, type GateCode } from './registry';

/** Where every code stands with its meaning. */
export const codesPage = 'docs/reference/generated/gate-codes.md';

/**
 * The code that a person wants waived, of a gate or of the judgement of a slice, or why it cannot be: no gate gives it,
 * or the gates that do cannot be waived. A waiver that would never take effect is refused, because its author would count on it.
 */
export function readWaivedCode(
  written: string,
  command: string,
  gates: readonly Gate[] = registered,
): Result<GateCode | WaivableSliceCode> {
  if (Object.hasOwn(waivableSliceCodes, written)) return ok(written as WaivableSliceCode);
  const giving = gates.filter(({ codes }) => declares(codes, written));
  if (giving.some(({ mayBeAdvisory }) => mayBeAdvisory)) return ok(written as GateCode);
  if (giving.length > 0) {
    return err(
      failure(
        'option-invalid',
        `--waive ${written}: the ${giving.map(({ id }) => id).join(' and ')} gate cannot be waived, because without it there is nothing to close on.`,
        { next: command.replace(/:decide$/, ':status') },
      ),
    );
  }
  const waivable = gates.filter(({ mayBeAdvisory }) => mayBeAdvisory);
  const meant = nearest(
    written,
    [waivableSliceCodes, ...waivable.map(({ codes }) => codes)]
      .flatMap((codes) => Object.keys(codes))
      .filter((code) => !code.includes('<')),
  );
  return err(
    failure(
      'option-invalid',
      `--waive ${written}: nothing that can be waived has that code${meant === null ? '' : `; the nearest is ${meant}`}. Every code stands in ${codesPage} of nx-wave.`,
      {
        next: meant === null ? command.replace(/:decide$/, ':status') : `${command} --waive ${meant}`,
        facts: { written, nearest: meant },
      },
    ),
  );
}

/** Whether a declaration allows a code: `infra-<state>` allows `infra-` with any state behind it. */
export function declares(codes: Gate['codes'], code: string): boolean {
  if (/[<>]/.test(code)) return false;
  return Object.keys(codes).some((key) => {
    const [begin = '', placeholder] = key.split('<');
    return placeholder === undefined ? key === code : code.length > begin.length && code.startsWith(begin);
  });
}
