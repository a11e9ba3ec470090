/** What two languages of one family write differently. */
export interface Dialect {
  /** What a function returns that does nothing: undefined, and of no type that could widen its own. */
  nothing: string;
  /** Undefined, and whatever an importer takes it for. */
  anything: string;
  /** Constructors have to set the fields that a type checker asks for. */
  constructorsSetFields: boolean;
}
