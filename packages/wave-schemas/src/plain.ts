/** Everything that carries no zod: what the graph path may load. */
export * from './canonical';
export * from './config/key';
export * from './config/keys';
export * from './failure';
export * from './failure-codes';
export * from './lazily';
export * from './result';
export * from './vocabulary';
