import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Attack } from './attack';
import { type Row } from './table';

const folder = resolve(__dirname, '../../.tmp/hostile');

/** By which door attacks come: a task of real Nx, or the engine that it calls. */
export type Door = 'nx' | 'engine';

/** Keeps how an attack ended, so that the whole takes as many runs as it likes. One file each: runs may go on at the same time. */
export function keepRow(door: Door, { attack, control, open, caged }: Row): void {
  mkdirSync(join(folder, door), { recursive: true });
  const kept = { control, open: { ...open, lines: [] }, caged: caged && { ...caged, lines: [] } };
  writeFileSync(join(folder, door, `${attack.id}.json`), JSON.stringify(kept));
}

/** How an attack ended when it last ran by a door; null where it has not. */
export function keptRow(door: Door, attack: Attack, by: Row['by']): Row | null {
  try {
    const kept = JSON.parse(readFileSync(join(folder, door, `${attack.id}.json`), 'utf8')) as Pick<
      Row,
      'control' | 'open' | 'caged'
    >;
    return { attack, by, ...kept };
  } catch {
    return null;
  }
}
