/** What a person does where the machine cannot start a program, by the code of the operating system. */
export function startRemedy(code: string, program: string): string {
  const remedy = /^(EACCES|EPERM)$/.test(code)
    ? `Let this user run ${program} (see its permissions, and those of the folders above it)`
    : 'Allow more open files and processes (ulimit -n, ulimit -u) or end some';
  return `${remedy}, then run the same command again: the work is kept.`;
}
