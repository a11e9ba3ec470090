import { type TestRunner } from '../contracts';
import { jestRunner } from './jest';
import { mochaRunner } from './mocha';
import { nodeTestRunner } from './node-test';
import { vitestRunner } from './vitest';

/** Every test runner whose evidence is understood, in the order in which a command is asked about. */
export const testRunners: readonly TestRunner[] = [nodeTestRunner, jestRunner, vitestRunner, mochaRunner];
