import { apiCheats } from './cheats/api';
import { cartCheats } from './cheats/cart';
import { otherCheats } from './cheats/others';
import { queueCheats } from './cheats/queue';
import { textCheats } from './cheats/text';
import { cartHonest, monoHonest } from './honest/jest';
import { mochaHonest, otherHonest, vitestHonest } from './honest/others';
import { queueHonest } from './honest/queue';
import { apiHonest, textHonest } from './honest/text';
import type { Cheat, Honest } from './proof-case';

/** Slices of agents that did not do their job. */
export const cheats: readonly Cheat[] = [
  ...textCheats,
  ...apiCheats,
  ...cartCheats,
  ...otherCheats,
  ...queueCheats,
];

/** Slices of agents that did. */
export const honest: readonly Honest[] = [
  ...textHonest,
  ...apiHonest,
  ...cartHonest,
  ...monoHonest,
  ...vitestHonest,
  ...mochaHonest,
  ...otherHonest,
  ...queueHonest,
];
