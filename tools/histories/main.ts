import { openEngineWorld } from './engine-world';
import { serveHistories } from './serve';

/** A worker on the engine. */
serveHistories({ open: openEngineWorld });
