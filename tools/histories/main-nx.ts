import { notThroughNx, openNxWorld } from './nx-world';
import { serveHistories } from './serve';

/** A worker through real Nx. */
serveHistories({ open: openNxWorld, without: notThroughNx });
