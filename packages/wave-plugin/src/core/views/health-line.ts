/** What was found of one thing of a machine. */
export interface HealthLine {
  check: string;
  state: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What moves the person on; null where nothing has to be done. */
  next: string | null;
}

/** In order. */
export const ok = (check: string, detail: string): HealthLine => ({ check, state: 'ok', detail, next: null });
/** Works, and something is not as good as it could be. */
export const warn = (check: string, detail: string, next: string | null = null): HealthLine => ({
  check,
  state: 'warn',
  detail,
  next,
});
/** Has to be put right first. */
export const fail = (check: string, detail: string, next: string | null): HealthLine => ({
  check,
  state: 'fail',
  detail,
  next,
});
