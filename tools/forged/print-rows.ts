/** As a program: options as JSON in the command line, rows as JSON on standard output. */
export function printRows<T>(make: (options: T) => Promise<unknown>): void {
  void make(JSON.parse(process.argv[2] ?? '{}') as T).then(
    (rows) => {
      process.stdout.write(JSON.stringify(rows), () => process.exit(0));
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      process.exit(2);
    },
  );
}
