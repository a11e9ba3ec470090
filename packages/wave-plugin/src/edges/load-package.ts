/*
 * Packages that stand outside the bundle, each loaded where it is first needed. The file is bundled as one of its own: Node 20 imports
 * nothing from code that it was given compiled (`executors/compiled-code.ts`).
 */

export const loadRe2js = () => import('re2js');

/** An optional peer, from where this package is installed, as Node looks for it. Rejects where it is not. */
export const loadPeer = (name: string): Promise<unknown> => import(name);
