import { type TestRunner } from '../contracts';

/** Every test runner whose evidence is understood, in the order in which a command is asked about. */
export const testRunners: readonly TestRunner[] = [];
