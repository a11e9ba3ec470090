import * as z from 'zod';
import { lazily } from './lazily';

const componentId = lazily(() => z.string().regex(/^[a-z0-9][a-z0-9._-]*$/));

/** Where one component stands and which waves lift it. Levels are those of the matrix it stands in. */
export const matrixComponentSchema = lazily(() =>
  z.looseObject({
    title: z.string().optional(),
    canonicalDocs: z.array(z.string()).optional(),
    currentLevel: z.string().min(1),
    promotions: z.array(z.looseObject({ wave: z.int().nonnegative(), target: z.string().min(1) })).optional(),
    proofSurfaces: z.array(z.string()).optional(),
  }),
);

/** The component cutover matrix, `component-cutover-matrix.json`. `levels` run from low to high. */
export const componentMatrixSchema = lazily(() =>
  z.looseObject({
    version: z.int().optional(),
    levels: z.array(z.string().min(1)).min(1),
    components: z.record(componentId, matrixComponentSchema),
  }),
);

export type MatrixComponentDocument = z.infer<typeof matrixComponentSchema>;
export type ComponentMatrixDocument = z.infer<typeof componentMatrixSchema>;
