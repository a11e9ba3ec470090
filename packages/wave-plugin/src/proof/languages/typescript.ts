import { type Language } from '../contracts';
import { type Dialect } from './ecma/dialect';
import { hollow } from './ecma/hollow';
import { modulesOf } from './ecma/modules';
import { mutants } from './ecma/mutants';
import { loadParser } from './ecma/tree';

const dialect: Dialect = {
  nothing: '(undefined as never)',
  anything: '(undefined as any)',
  constructorsSetFields: true,
};

/** TypeScript, in `.tsx` with JSX. */
export const typescript: Language = {
  id: 'typescript',
  name: 'TypeScript',
  extensions: ['.ts', '.mts', '.cts', '.tsx'],
  isDeclaration: (path) => /\.d\.[cm]?ts$/.test(path),
  async load() {
    const parserOf = await loadParser((path) => [
      'typescript',
      'decorators-legacy',
      ...(path.endsWith('.tsx') ? (['jsx'] as const) : []),
    ]);
    return {
      hollow: (file, only) => hollow(file, { parse: parserOf(file.path), dialect }, only),
      mutants: (file, limit) => mutants(file, { parse: parserOf(file.path), limit }),
      modules: (file) => {
        const program = parserOf(file.path)(file.text);
        return program === null ? 'unparseable' : modulesOf(program);
      },
    };
  },
};
