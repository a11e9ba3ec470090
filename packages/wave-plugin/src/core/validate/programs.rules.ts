import { configFile } from '../resolve/check-config';
import { type ValidationRule } from './facts';
import { missingHeldOut } from './held-out-ground';
import { missingPrograms } from './programs';

/** Programs of proof commands can be started here. */
export const proofProgramsAreThere: ValidationRule = ({ wave, locator, read, missing }) =>
  missing === undefined ? [] : missingPrograms(wave, { missing, locator, config: read(configFile) });

/** Files of held-out commands will be on the merged tree. */
export const heldOutFilesAreSeen: ValidationRule = ({ wave, locator, heldOut }) =>
  heldOut === undefined ? [] : missingHeldOut(wave, { grounds: heldOut, locator });
