import { fuzz, keep, type FuzzOptions } from './main';

/** One run as a program: options as JSON in the command line, rows as JSON on standard output. */
const [given = '{}', keeps] = process.argv.slice(2);
const options = JSON.parse(given) as Omit<FuzzOptions, 'folder'>;
const rows = fuzz({ ...options, folder: __dirname });
if (keeps === '--keep') keep(rows, __dirname);
process.stdout.write(JSON.stringify(rows));
