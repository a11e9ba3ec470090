import { type Language } from '../contracts';
import { javascript } from './javascript';
import { typescript } from './typescript';

/** Every language whose functions can be emptied. */
export const languages: readonly Language[] = [javascript, typescript];

/** The language of a file by its ending, or null where none is known or the file holds declarations alone. */
export function languageOf(path: string, known: readonly Language[] = languages): Language | null {
  const language = known.find(({ extensions }) => extensions.some((ending) => path.endsWith(ending)));
  return language === undefined || language.isDeclaration?.(path) === true ? null : language;
}
