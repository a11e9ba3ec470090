import { tryNx } from './nx';
import { printRows } from './print-rows';

/** Through real Nx. */
printRows(tryNx);
