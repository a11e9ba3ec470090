import { err, failure, ok, type Isolation, type Result } from '@nx-wave/schemas/plain';
import type { CageNetwork, CagePolicy } from './cage-policy';

/** What the machine can have. `network`: whether single hosts and ports can be let through. */
export type CageFound =
  | { kind: 'bubblewrap' | 'sandbox-exec'; version: string | null; network: boolean; next: string | null }
  | { kind: 'none'; why: string; next: string };

/** Which cage stands around a program: ours, the program's own, none because there is none, or none because none was wanted. */
export type CageName = 'bubblewrap' | 'sandbox-exec' | 'own' | 'none' | 'off';

/** For people and for the bundle. */
export interface HeldCage {
  cage: CageName;
  /** Hosts and ports that can be called, `open`, or null where nobody holds the network. */
  network: 'open' | string[] | null;
  /** Why there is none, or what it does not hold; null where all of it holds. */
  why: string | null;
}

/** The cage of one program. */
export interface ProgramCage extends HeldCage {
  /** Absent where no cage of ours stands around it. */
  policy?: CagePolicy;
  /** What it may write besides its checkout, as it was written. */
  folders: string[];
}

/** What is asked for, where: `executors.local.isolation`, `proof.isolation`. */
export interface CageAsk {
  key: string;
  isolation: Isolation;
  /** True where the program's own sandbox was found to be in force. */
  own?: boolean;
  network: CageNetwork;
}

/** Which cage holds. Code: `cage-missing` where one is required and cannot be had. */
export function holdCage(
  { key, isolation, own = false, network }: CageAsk,
  found: CageFound,
): Result<HeldCage> {
  if (isolation === 'off') return ok({ cage: 'off', network: null, why: `${key} is "off"` });
  if (own) return ok({ cage: 'own', network: null, why: null });
  const missing = (why: string, next: string) =>
    failure('cage-missing', `${key} is "required", and ${why}.`, {
      place: { path: 'wave.config.json' },
      next,
    });
  if (found.kind === 'none') {
    if (isolation === 'required') return err(missing(`no cage can be had here: ${found.why}`, found.next));
    return ok({ cage: 'none', network: null, why: found.why });
  }
  const selective = !network.open && network.hosts.length + network.ports.length > 0;
  if (selective && !found.network) {
    const why = 'single hosts cannot be let through without socat';
    if (isolation === 'required') return err(missing(why, found.next ?? 'Install socat.'));
    return ok({ cage: found.kind, network: 'open', why: `${why}: its network is open` });
  }
  return ok({ cage: found.kind, network: calledBy(network), why: null });
}

function calledBy(network: CageNetwork): 'open' | string[] {
  return network.open ? 'open' : [...network.hosts, ...network.ports.map((port) => `localhost:${port}`)];
}

/** Whether our own cage is put around the program. */
export function isOurs({ cage }: HeldCage): boolean {
  return cage === 'bubblewrap' || cage === 'sandbox-exec';
}

/** One line for people. `folders`: what may be written besides the checkout. */
export function describeCage({ cage, network, why }: HeldCage, folders: readonly string[] = []): string {
  if (cage === 'own') return 'the sandbox of the program itself';
  if (cage === 'none' || cage === 'off') return `none: ${why}`;
  const calls =
    network === 'open' ? 'open' : network?.length ? network.join(', ') : 'nothing but what it starts itself';
  return [
    cage,
    `calls: ${calls}`,
    ...(folders.length === 0 ? [] : [`writes also to: ${folders.join(', ')}`]),
    ...(why === null ? [] : [why]),
  ].join('; ');
}
