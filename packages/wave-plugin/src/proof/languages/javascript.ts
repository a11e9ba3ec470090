import { type Language } from '../contracts';
import { type Dialect } from './ecma/dialect';
import { hollow } from './ecma/hollow';
import { modulesOf } from './ecma/modules';
import { mutants } from './ecma/mutants';
import { loadParser } from './ecma/tree';

const dialect: Dialect = { nothing: 'undefined', anything: 'undefined', constructorsSetFields: false };

/** JavaScript with JSX, decorators and the types of Flow. */
export const javascript: Language = {
  id: 'javascript',
  name: 'JavaScript',
  extensions: ['.js', '.mjs', '.cjs', '.jsx'],
  async load() {
    const parserOf = await loadParser(() => ['jsx', 'flow', 'decorators-legacy']);
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
