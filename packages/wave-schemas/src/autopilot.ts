import * as z from 'zod';
import { humanInputSchema } from './human-input';
import { lazily } from './lazily';
import { autopilotEnds, notifyEvents, outcomes } from './vocabulary';

const intervalSchema = lazily(() =>
  z.looseObject({
    low: z.number().nonnegative(),
    likely: z.number().nonnegative(),
    high: z.number().nonnegative(),
  }),
);

/** What holds an autopilot, as it was said before it began. US dollars and minutes; null is no bound, or not known. */
export const autopilotBoundsSchema = lazily(() =>
  z.looseObject({
    /** Failed attempts of an agent for the same inputs. */
    attempts: z.int().positive(),
    /** Times that finished work of an agent is sent back. */
    repairs: z.int().nonnegative(),
    budget: z.looseObject({
      usd: z.number().nullable(),
      tokens: z.number().nullable(),
      minutes: z.number().nullable(),
    }),
    maxUsd: z.number().nullable(),
    /** Of the launch that comes first. */
    forecast: z.looseObject({
      usd: intervalSchema.nullable(),
      minutes: intervalSchema.nullable(),
      /** Agents whose cost nobody can tell. */
      unknown: z.array(z.string()),
    }),
  }),
);

/** `status/autopilot-wave-<n>.json`: what an autopilot has done and how it has ended. */
export const autopilotReportSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    /** The Nx project: of a wave, or of a lane. */
    project: z.string().min(1),
    /** `running` in the file of an autopilot that runs, or that was killed. */
    state: z.enum(['running', 'ended']),
    outcome: z.enum(outcomes).nullable(),
    why: z.enum(autopilotEnds).nullable(),
    /** One sentence for people. */
    detail: z.string().nullable(),
    /** The command that moves it on, or null. */
    next: z.string().nullable(),
    /** Of a wave; null of a lane, whose waves have their own. */
    bounds: autopilotBoundsSchema.nullable(),
    steps: z.array(
      z.looseObject({
        step: z.enum(['launch', 'apply', 'wait', 'land']),
        /** Unit ids that were sent back. */
        agents: z.array(z.string()).optional(),
        /** Of Nx; null where it was ended from outside. */
        exitCode: z.int().nullable().optional(),
      }),
    ),
    questions: z.array(humanInputSchema),
    /** What failed beside the outcome: a notification that could not be sent. */
    notices: z.array(z.string()),
    /** Of a lane, in order; empty of a wave. */
    waves: z.array(
      z.looseObject({
        wave: z.string(),
        outcome: z.enum(outcomes).nullable(),
        why: z.enum(autopilotEnds).nullable(),
        landed: z.boolean(),
      }),
    ),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  }),
);

/** What a notifier gets: on standard input of a command, as the body of a POST. */
export const notificationSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    event: z.enum(notifyEvents),
    project: z.string().min(1),
    outcome: z.enum(outcomes),
    detail: z.string(),
    next: z.string().nullable(),
    /** With `question`. */
    question: humanInputSchema.nullable(),
    at: z.iso.datetime(),
  }),
);

export type AutopilotBounds = z.infer<typeof autopilotBoundsSchema>;
export type AutopilotReport = z.infer<typeof autopilotReportSchema>;
export type Notification = z.infer<typeof notificationSchema>;
