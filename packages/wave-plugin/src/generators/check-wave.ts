import { parseWave } from '../built-in';
import { describeFailures } from '../core/views/describe-failure';

/** Refuses to write a wave file that could not be launched. */
export function checkWave(path: string, text: string): void {
  const parsed = parseWave({ path, text });
  if (parsed.ok) return;
  const errors = parsed.failures.filter(({ severity }) => severity === 'error');
  throw new Error(`Nothing was written:\n${describeFailures(errors)}`);
}
