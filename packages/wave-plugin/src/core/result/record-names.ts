/** A record of a wave: who has said it, and the id that the author gave it. */
export interface Named {
  /** Unit id. */
  by: string;
  id: string;
}

/**
 * Ids that more than one agent of the wave uses: agents of a stage do not see each other, so each may call its first question
 * `q1`. `A1/q1` names one record of the wave, always.
 */
export function sharedIds(all: readonly Named[]): ReadonlySet<string> {
  const authors = new Map<string, string>();
  const shared = new Set<string>();
  for (const { by, id } of all) {
    const first = authors.get(id);
    if (first === undefined) authors.set(id, by);
    else if (first !== by) shared.add(id);
  }
  return shared;
}

export function fullName({ by, id }: Named): string {
  return `${by}/${id}`;
}

/** The shortest name that is unique in the wave. */
export function recordName(record: Named, shared: ReadonlySet<string>): string {
  return shared.has(record.id) ? fullName(record) : record.id;
}

/** Every record that a text can mean: the one of that full name, else all of that id. */
export function recordsNamed<T extends Named>(text: string, all: readonly T[]): T[] {
  const exact = all.filter((one) => fullName(one) === text);
  return exact.length > 0 ? exact : all.filter(({ id }) => id === text);
}

/** True where a decision of the ledger is about this record, by its full name or by its id, as earlier versions wrote. */
export function isNamed(text: string, record: Named): boolean {
  return text === record.id || text === fullName(record);
}
