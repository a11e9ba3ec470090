import * as z from 'zod';
import { lazily } from './lazily';
import { strengthLevels } from './vocabulary';

/** Tests that one proof command ran, by the report of its own runner. */
export const countedCommandSchema = lazily(() =>
  z.looseObject({
    command: z.string(),
    /** Ids of the runners that were recognised in it; empty where none is known. */
    runners: z.array(z.string()),
    /** Null where nothing could be counted; `executed` is passed and failed together. */
    tests: z
      .looseObject({
        executed: z.int().nonnegative(),
        failed: z.int().nonnegative(),
        skipped: z.int().nonnegative(),
        files: z.int().nonnegative(),
      })
      .nullable(),
  }),
);

/** A place in the slice: a function whose body was taken out, or a changed line. */
export const measuredPlaceSchema = lazily(() =>
  z.looseObject({
    path: z.string(),
    name: z.string(),
    line: z.int().positive(),
    /** What was changed there, for a mutant. */
    what: z.string().optional(),
  }),
);

/** All changed function bodies returned nothing, and the proof commands ran again. */
export const hollowResultSchema = lazily(() =>
  z.looseObject({
    functions: z.array(measuredPlaceSchema),
    /** Functions that nothing notices when each is emptied by itself; absent below `strict`. */
    unnoticed: z.array(measuredPlaceSchema).optional(),
    /** The first command that turned red, or null: then nothing notices whether the functions do anything. */
    red: z.string().nullable(),
    durationMs: z.number().nonnegative(),
  }),
);

/** A statement about the strength that was found: it refuses the slice, or is only told. */
export const strengthFindingSchema = lazily(() =>
  z.looseObject({
    code: z.string(),
    message: z.string(),
    paths: z.array(z.string()),
  }),
);

/**
 * What the proof of one slice is worth, as the runner measured it in a clean checkout after the proof commands were green.
 * A part that was not measured is null. In the predicate of a bundle; a statement of in-toto's own predicate `test-result`
 * stands beside the manifest.
 */
export const strengthMeasuredSchema = lazily(() =>
  z.looseObject({
    strengthFormat: z.literal(1),
    /** The level that the wave asks for. */
    asked: z.enum(strengthLevels),
    /** The highest level that the evidence meets. Where nothing could be measured: `exit`. */
    reached: z.enum(strengthLevels),
    /** Null where it was measured up to the level that is asked; else why it could not be, in one sentence. */
    unmeasured: z.string().nullable(),
    /** The reason that the wave file gives for its level, or null. */
    reason: z.string().nullable(),
    commands: z.array(countedCommandSchema),
    /** Changed test files, and those of them that no command ran. */
    changedTests: z.looseObject({ files: z.array(z.string()), notRun: z.array(z.string()) }),
    hollow: hollowResultSchema.nullable(),
    /** Test, lint and compiler configuration and scripts that were put back, and the first command that was red with them. */
    baseConfig: z.looseObject({ paths: z.array(z.string()), red: z.string().nullable() }).nullable(),
    /** Tests of the base that are gone, or that fail with the slice. */
    baseTests: z.looseObject({ lost: z.array(z.string()), failed: z.array(z.string()) }).nullable(),
    mutants: z
      .looseObject({ tried: z.int().nonnegative(), survived: z.array(measuredPlaceSchema) })
      .nullable(),
    /** Commands that no agent saw, by name. */
    heldOut: z.array(z.looseObject({ name: z.string(), passed: z.boolean() })),
    /** What was noticed and refuses nothing at this level. */
    findings: z.array(strengthFindingSchema),
    /** Time of the proof commands themselves, and of all measuring besides. */
    proofMs: z.number().nonnegative(),
    measuringMs: z.number().nonnegative(),
  }),
);

/** The predicate of in-toto's `test-result` (https://github.com/in-toto/attestation, spec/predicates/test-result.md). */
export const testResultPredicateSchema = lazily(() =>
  z.looseObject({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(z.looseObject({ name: z.string(), digest: z.record(z.string(), z.string()) })),
    passedTests: z.array(z.string()).optional(),
    warnedTests: z.array(z.string()).optional(),
    failedTests: z.array(z.string()).optional(),
  }),
);

/** An in-toto Statement v1 that tools which know nothing of waves can read. */
export const testResultStatementSchema = lazily(() =>
  z.looseObject({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z.array(z.looseObject({ name: z.string().min(1), digest: z.record(z.string(), z.string()) })),
    predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
    predicate: testResultPredicateSchema,
  }),
);

/** What handoff and verdict hold of the strength of a proof: no time and no count, so that equal results are equal verdicts. */
export const judgedStrengthSchema = lazily(() =>
  z.strictObject({
    asked: z.enum(strengthLevels),
    reached: z.enum(strengthLevels),
    unmeasured: z.string().nullable(),
  }),
);

export type CountedCommand = z.infer<typeof countedCommandSchema>;
export type MeasuredPlace = z.infer<typeof measuredPlaceSchema>;
export type HollowResult = z.infer<typeof hollowResultSchema>;
export type StrengthFinding = z.infer<typeof strengthFindingSchema>;
export type StrengthMeasured = z.infer<typeof strengthMeasuredSchema>;
export type TestResultStatement = z.infer<typeof testResultStatementSchema>;
export type JudgedStrength = z.infer<typeof judgedStrengthSchema>;
