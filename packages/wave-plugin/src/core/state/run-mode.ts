import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';

export type RunMode = 'auto' | 'local-only' | 'never';

const modes: readonly RunMode[] = ['auto', 'local-only', 'never'];

/**
 * What may run unasked. `NX_WAVE_RUN` wins over the configuration; where neither says anything, a CI machine runs
 * nothing that costs money.
 */
export function decideRunMode(input: {
  requested: string | undefined;
  configured: RunMode | null;
  ci: boolean;
}): Result<RunMode> {
  const { requested } = input;
  if (requested !== undefined && requested !== '') {
    const mode = modes.find((one) => one === requested);
    if (mode) return ok(mode);
    return err(
      failure('option-invalid', `NX_WAVE_RUN is "${requested}", which is no run mode.`, {
        next: `Set it to one of ${modes.join(', ')}.`,
      }),
    );
  }
  return ok(input.configured ?? (input.ci ? 'local-only' : 'auto'));
}
