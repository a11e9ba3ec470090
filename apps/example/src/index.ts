export * from './breads';
export * from './clock';
export * from './formula';
export * from './oven';
export * from './weights';
