import type { CageRule } from './cage-policy';

/**
 * Paths of the sockets in what Linux tells in `/proc/net/unix`: one line for each socket, the path last, if it has one. Names
 * that stand in no file system begin with `@`; a cage with a network of its own does not have them.
 */
export function boundSockets(table: string): string[] {
  const paths = table.split('\n').flatMap((line) => {
    const path = /^[0-9a-f]+: (?:\S+ ){5}\s*\d+ (\/.*)$/i.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
  return [...new Set(paths)].sort();
}

/**
 * Sockets that have to be put out of reach because they stand where files can be read: a read-only mount keeps nobody from
 * calling one. What a rule names itself, and what stands where the program may write, stays. `rules`: the outer path first.
 * All paths are real ones: a socket that is allowed by one name may be bound by another.
 */
export function socketsToHide(rules: readonly CageRule[], sockets: readonly string[]): string[] {
  return sockets.filter((socket) => {
    if (rules.some(({ path }) => path === socket)) return false;
    const around = rules.findLast(({ path }) => socket.startsWith(`${path}/`));
    return around === undefined || around.access === 'read';
  });
}
