/** Where the sockets of the runner are in a cage. */
export const socketFolder = '/run/nx-wave';
/** The port of the proxy in a cage: its loopback is its own, so nobody else has it there. */
export const proxyPort = 61_080;

export interface Bridge {
  port: number;
  /** In the cage. */
  socket: string;
}

/**
 * The words that start a program behind its bridges: each listens on a port of the cage's own loopback and hands over to a
 * socket. The program starts when all of them listen. Nothing of the program's own words is read by the shell.
 */
export function bridgedWords(bridges: readonly Bridge[], socat: string, words: readonly string[]): string[] {
  if (bridges.length === 0) return [...words];
  return ['/bin/sh', '-c', script, 'bridge', socat, bridges.map(wordOf).join(' '), ...words];
}

const wordOf = ({ port, socket }: Bridge) => `${port}:${hexOf(port)}:${socket}`;

const hexOf = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');

const script = `socat=$1; bridges=$2; shift 2
for one in $bridges; do
  port=\${one%%:*}; rest=\${one#*:}; socket=\${rest#*:}
  "$socat" "TCP4-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$socket" </dev/null >/dev/null 2>&1 &
done
for one in $bridges; do
  rest=\${one#*:}; hex=\${rest%%:*}; tries=0
  until grep -q ":$hex 00000000:0000 0A" /proc/net/tcp; do
    tries=$((tries + 1)); [ "$tries" -lt 1000 ] || exit 125
    sleep 0.01
  done
done
exec "$@"`;
