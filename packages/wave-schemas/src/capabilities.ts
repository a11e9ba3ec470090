import * as z from 'zod';
import { lazily } from './lazily';

/** What an agent program can do, as its adapter states it. */
export const capabilitiesSchema = lazily(() =>
  z.looseObject({
    sandboxModes: z.array(z.string()),
    supportsSearch: z.boolean(),
    supportsImages: z.boolean(),
    supportsAddDirs: z.boolean(),
    supportsMcp: z.boolean(),
    supportsHooks: z.boolean(),
    supportsJson: z.boolean(),
    supportsStructuredOutput: z.boolean(),
    supportsResume: z.boolean(),
    reportsCost: z.boolean(),
    maxTurns: z.boolean(),
    rateLimitRetry: z.boolean(),
  }),
);

export type ProgramCapabilities = z.infer<typeof capabilitiesSchema>;
