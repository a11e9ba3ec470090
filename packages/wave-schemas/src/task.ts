import * as z from 'zod';
import { lazily } from './lazily';
import { sha256Schema } from './manifest';
import { roleIdPattern, type RoleId } from './vocabulary';

/** What a task is besides an agent's slice, whose type is the agent's role. */
export const openTaskTypes = [
  'component',
  'helper',
  'clarification',
  'contradiction',
  'blocker',
  'human-input',
] as const;

export const taskStatuses = ['pending', 'in_progress', 'proven', 'blocked', 'completed'] as const;

/** How far a task is on the way to closing. `closed`, `cancelled` and `superseded` are final. */
export const closureStates = [
  'open',
  'owned_slice_proven',
  'wave_closure_ready',
  'closed',
  'cancelled',
  'superseded',
] as const;

/** `blocks`: the task cannot end before the other has. */
export const taskEdgeSchema = lazily(() =>
  z.looseObject({
    taskId: z.string(),
    kind: z.enum(['blocks']),
    status: z.enum(taskStatuses),
  }),
);

/**
 * One thing that has to be done before a wave closes: an agent's slice (its id is the Nx task id, `wave-3:agent-a2`), a
 * component promotion, or something open between agents and people. Derived from stored state, never stored itself.
 */
export const taskSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    taskId: z.string().min(1),
    wave: z.string(),
    /** One of `openTaskTypes`, or the role of the agent whose slice it is. */
    taskType: z.string().regex(roleIdPattern),
    title: z.string(),
    /** Who owes the result: a unit id, `human`, or null. */
    assignee: z.string().nullable(),
    /** sha256 of everything that is asked: equal content, equal hash. */
    contentHash: sha256Schema,
    status: z.enum(taskStatuses),
    closureState: z.enum(closureStates),
    components: z.array(z.strictObject({ componentId: z.string(), targetLevel: z.string() })),
    edges: z.array(taskEdgeSchema),
    /** The record that made it, where there is one. */
    sourceRecordId: z.string().nullable(),
  }),
);

export type TaskType = (typeof openTaskTypes)[number] | RoleId;
export type TaskStatus = (typeof taskStatuses)[number];
export type ClosureState = (typeof closureStates)[number];
export type TaskEdge = z.infer<typeof taskEdgeSchema>;
export type Task = z.infer<typeof taskSchema>;
