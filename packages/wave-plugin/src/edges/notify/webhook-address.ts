/**
 * The address of a webhook: as it is written, or in the variable that `$NAME` names. `https:` alone, but for this machine: what is
 * sent tells of the work of a repository. `{ why }` where there is none to send to.
 */
export function webhookAddress(
  written: string,
  env: Readonly<Record<string, string>>,
): { url: string } | { why: string } {
  const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(written);
  const name = variable?.[1] ?? variable?.[2];
  const text = name === undefined ? written : env[name];
  if (text === undefined || text === '') return { why: `the variable ${name ?? ''} is not set` };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { why: 'its address is none' };
  }
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && here)) return { url: url.href };
  return { why: `its address begins with ${url.protocol} and has to be https:` };
}
