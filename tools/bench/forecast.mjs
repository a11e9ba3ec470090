import { runTypeScript } from '../run-typescript.mjs';

/**
 * How good forecasts are: `npm run bench:forecast [-- folder]`. Of the repository in `folder`: every stored error of a forecast
 * against what came. Without a folder: 2,000 attempts drawn from a fixed seed, each forecast from those before it; these are rows of
 * `npm run bench`, too.
 */
await runTypeScript(new URL('forecast.ts', import.meta.url));
