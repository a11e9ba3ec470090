/** How programs tell that a name is unknown, or that no network is there. The first group is the host, where one is told. */
const signs: readonly RegExp[] = [
  /getaddrinfo (?:EAI_AGAIN|ENOTFOUND|EAI_FAIL) (\S+)/,
  /connect (?:ENETUNREACH|EHOSTUNREACH) (\S+)/,
  /Could not resolve (?:host|hostname|proxy):? '?([^\s':]+)/i,
  /(?:unable to resolve host address|lookup) [‘'"]?([\w.-]+\.[\w-]+)/,
  /dial tcp:? (?:lookup )?(\S+?)(?::| on )/,
  /received (?:HTTP code )?403 from proxy|x-nx-wave: not allowed|Tunnel connection failed: 403/i,
  /Temporary failure in name resolution|Network is unreachable|ENETUNREACH|EAI_AGAIN/,
];

/**
 * The host that a red command in a cage has called in vain, null where its output tells of none. `denied`: what its proxy was
 * asked for. A command that fails for another reason and prints such a line is taken for one of these: it stays refused either way.
 */
export function neededHost(output: string, denied: readonly string[] = []): string | null {
  const [asked] = denied;
  if (asked !== undefined) return asked;
  for (const sign of signs) {
    const found = sign.exec(output);
    if (found !== null) return found[1]?.replace(/[),;:]+$/, '') ?? 'a host';
  }
  return null;
}

export const networkAdvice = (host: string): string =>
  `Let it call ${host} with proof.services in wave.config.json, or have the command do without the network.`;
