import { configFile } from '../resolve/check-config';
import { type ValidationRule } from './facts';
import { missingPrograms } from './programs';

/** Programs of proof commands can be started here. */
export const proofProgramsAreThere: ValidationRule = ({ wave, locator, read, missing }) =>
  missing === undefined ? [] : missingPrograms(wave, { missing, locator, config: read(configFile) });
