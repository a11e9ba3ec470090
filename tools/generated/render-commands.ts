import { coverage } from '../documented/coverage';
import { page, table } from './render-page';

/** Every command that the pages for users name, and how it is known to hold. */
export function commandsPage(): string {
  const all = coverage();
  const run = all.filter(({ by }) => by !== null);
  const pageOf = (place: string) => place.replace(/:\d+$/, '');
  return page(
    'Commands of the documentation',
    `The pages for users name ${all.length} commands. ${run.length} of them are run by a test, in the same form: another wave or another value may stand in
them. ${all.length - run.length} are not, for the reason that stands beside them. All are held against what there is (program, target or generator,
script, options, values), as are those of the other pages, by \`tools/documented/\`.`,
    table(
      ['command', 'pages', 'run by'],
      all.map(({ text, places, by, reason }) => [
        `\`${text}\``,
        [...new Set(places.map(pageOf))].join(', '),
        by === null ? `nobody: ${reason ?? 'no reason'}` : `\`${by}\``,
      ]),
    ),
  );
}
