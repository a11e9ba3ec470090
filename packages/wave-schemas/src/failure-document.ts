import * as z from 'zod';
import { lazily } from './lazily';
import { failureCodes, type FailureCode } from './failure-codes';

const position = lazily(() => z.strictObject({ line: z.int().positive(), column: z.int().positive() }));

/** A failure as JSON: what `--json` prints and what closures and verdicts carry. Codes are stable. */
export const failureSchema = lazily(() =>
  z.looseObject({
    code: z.enum(Object.keys(failureCodes) as [FailureCode, ...FailureCode[]]),
    severity: z.enum(['error', 'warning', 'note']),
    message: z.string().min(1),
    place: z
      .looseObject({
        wave: z.string().optional(),
        agentId: z.string().optional(),
        path: z.string().optional(),
        /** 1-based; columns in UTF-16 units; `end` is exclusive. */
        range: z.strictObject({ start: position, end: position }).optional(),
      })
      .optional(),
    excerpt: z.string().optional(),
    next: z.string().optional(),
    facts: z.record(z.string(), z.json()).optional(),
  }),
);
