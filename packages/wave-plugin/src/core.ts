/** Everything that decides, as pure functions: `@nx-wave/plugin/core`. */
export { verifySlice } from './core/verify/verify-slice';
export type { FileFacts, SliceEvidence } from './core/verify/slice-evidence';
