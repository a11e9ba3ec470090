import type { Formula } from './formula';

/** A wheat loaf with a little rye, raised with sourdough. */
export const countryLoaf: Formula = {
  name: 'Country loaf',
  ingredients: [
    { name: 'bread flour', kind: 'flour', percent: 85 },
    { name: 'whole rye flour', kind: 'flour', percent: 15 },
    { name: 'water', kind: 'liquid', percent: 70 },
    { name: 'sourdough', kind: 'leaven', percent: 20 },
    { name: 'salt', kind: 'salt', percent: 2 },
  ],
};

/** A wet dough for the tray. */
export const focaccia: Formula = {
  name: 'Focaccia',
  ingredients: [
    { name: 'bread flour', kind: 'flour', percent: 100 },
    { name: 'water', kind: 'liquid', percent: 80 },
    { name: 'olive oil', kind: 'other', percent: 6 },
    { name: 'salt', kind: 'salt', percent: 2.5 },
    { name: 'fresh yeast', kind: 'leaven', percent: 1.5 },
  ],
};
