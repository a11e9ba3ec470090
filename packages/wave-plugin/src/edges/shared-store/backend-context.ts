/** What a backend may use of the machine. */
export interface BackendContext {
  /** Where logins are taken from; nothing of it is kept, printed or handed on. */
  env: Readonly<Record<string, string | undefined>>;
  /** Loads an optional peer; throws where it is not installed. */
  load(name: string): Promise<unknown>;
}
