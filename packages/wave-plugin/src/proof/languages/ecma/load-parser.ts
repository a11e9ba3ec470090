/** Half a megabyte that only measuring needs. Bundled as a file of its own, as `edges/load-package.ts` is. */
export const loadBabelParser = () => import('@babel/parser');
