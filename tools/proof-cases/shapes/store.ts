import { json, type Shape } from '../proof-case';

/** State of a list of tasks in TypeScript: tests on Vitest, types by tsc. */
export const store: Shape = {
  runner: 'vitest',
  commands: ['vitest run', 'tsc --noEmit -p tsconfig.json'],
  files: {
    'package.json': json({
      name: 'store',
      type: 'module',
      scripts: { test: 'vitest run', types: 'tsc --noEmit' },
    }),
    'vitest.config.ts': "export default { test: { include: ['test/**/*.test.ts'] } };\n",
    'tsconfig.json': json({
      compilerOptions: {
        strict: true,
        target: 'es2022',
        module: 'preserve',
        moduleResolution: 'bundler',
        types: [],
        noEmit: true,
        skipLibCheck: true,
      },
      include: ['src'],
    }),
    'src/types.ts': `export interface Task {
  id: number;
  title: string;
  done: boolean;
}

export interface State {
  tasks: Task[];
  next: number;
}

export type Action = { type: 'add'; title: string } | { type: 'toggle'; id: number };
`,
    'src/reducer.ts': `import type { Action, State } from './types';

export const empty: State = { tasks: [], next: 1 };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'add':
      return { tasks: [...state.tasks, { id: state.next, title: action.title, done: false }], next: state.next + 1 };
    case 'toggle':
      return { ...state, tasks: state.tasks.map((task) => (task.id === action.id ? { ...task, done: !task.done } : task)) };
  }
}
`,
    'src/selectors.ts': `import type { State, Task } from './types';

export const open = (state: State): Task[] => state.tasks.filter(({ done }) => !done);
`,
    'src/index.ts': `export * from './reducer';
export * from './selectors';
export type * from './types';
`,
    'test/reducer.test.ts': `import { describe, expect, it } from 'vitest';
import { empty, open, reduce } from '../src';

describe('reduce', () => {
  it('adds tasks with new ids', () => {
    const state = reduce(reduce(empty, { type: 'add', title: 'a' }), { type: 'add', title: 'b' });
    expect(state.tasks.map(({ id }) => id)).toEqual([1, 2]);
  });
  it('toggles one', () => {
    const state = reduce(reduce(empty, { type: 'add', title: 'a' }), { type: 'toggle', id: 1 });
    expect(open(state)).toEqual([]);
  });
});
`,
  },
};
