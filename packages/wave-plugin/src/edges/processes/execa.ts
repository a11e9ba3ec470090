const load = () => import('execa');
let loading: ReturnType<typeof load> | undefined;

/**
 * The one import of execa. It is an ES module and takes tens of milliseconds to load: it comes with the first program that
 * is started, never with the graph or with a task that a cache answers.
 */
export async function loadExeca() {
  loading ??= load();
  return (await loading).execa;
}
