/**
 * What a green proof command is worth is measured by two kinds of plug-ins, each one file and one line in its registry: a
 * `TestRunner` says which tests ran, a `Language` says what of a file can be taken out. Everything here is pure: files are
 * read through `ProofTree`, and what has to be written or started is data.
 */

/** A target of an Nx project, inferred ones included. */
export interface NxTarget {
  /** Workspace-relative folder of the project, `''` for the root. */
  projectRoot: string;
  /** `@nx/jest:jest`, `nx:run-commands`; null where the target only names a command or a script. */
  executor: string | null;
  /** Options with the defaults of the target filled in; `command`, `commands`, `cwd` and `script` are among them. */
  options: Readonly<Record<string, unknown>>;
}

/** The tree in which proof commands run. Paths are workspace-relative with `/`. */
export interface ProofTree {
  /** The text of a file, or null where there is none. */
  read(path: string): Promise<string | null>;
  /** A target as Nx sees it, or null where there is none or nobody could ask Nx. */
  target(project: string, target: string): Promise<NxTarget | null>;
}

/**
 * One program that a proof command starts, after package scripts, `npx`, Nx targets and their like have been seen
 * through. A script of several programs gives several.
 */
export interface Invocation {
  /** Program and arguments; the program without folders in front: `['jest', '--ci']`. */
  words: readonly string[];
  /** Assignments in front of it (`CI=1 jest`), and those of the target. */
  env: Readonly<Record<string, string>>;
  /** Workspace-relative folder that it runs in, `''` for the root. */
  cwd: string;
}

/** A file that an instrumented command needs beside its report. */
export interface HelperFile {
  /** A plain file name. */
  name: string;
  text: string;
}

/**
 * What makes every process of a command that is this runner leave a report of its own, whatever scripts and tools start it:
 * by environment alone, so that the command line stays as it is. Output for people, exit code and choice of tests must not
 * change. Reports of several processes must not overwrite each other: their names hold what differs (a process id).
 */
export interface Instrument {
  /** Added to `NODE_OPTIONS`, each a whole option: `--require=/folder/hook.cjs`. */
  nodeOptions: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Written into the folder before the command starts. */
  files: readonly HelperFile[];
}

/** Where an instrumented command leaves its reports. */
export interface ReportPlace {
  /** Absolute path of an empty folder outside the checkout, for this command and runner alone. No spaces in it. */
  folder: string;
  /** Absolute path of the workspace in the checkout, symbolic links resolved. */
  root: string;
}

/** A file of the report folder, helper files left out. */
export interface ReportFile {
  name: string;
  text: string;
}

/** One test as its runner saw it. */
export interface TestCase {
  /** Titles from the outermost suite to the test, joined by ` > `. */
  name: string;
  /** `todo` and `pending` are `skipped`. */
  state: 'passed' | 'failed' | 'skipped';
}

/** What ran in one test file. */
export interface TestFile {
  /** Workspace-relative with `/`. */
  path: string;
  tests: readonly TestCase[];
}

/** Everything that one command ran by one runner, in the order of file paths. Files without a test are listed too. */
export interface TestReport {
  files: readonly TestFile[];
}

/** A program that runs tests and can say which. One file per runner in `proof/runners/`. */
export interface TestRunner {
  /** `jest`, `node-test`. */
  id: string;
  /** For people: `Jest`, `node:test`. */
  name: string;
  /** Whether this invocation runs tests by it. Pure and certain: prefer a miss to a wrong hit. */
  recognises(invocation: Invocation): boolean;
  /** How to get its report, or null where that would change what the command does: the command is then not measurable. */
  instrument(invocation: Invocation, place: ReportPlace): Instrument | null;
  /**
   * Reads what the instrumented command left. Null when the files say nothing (no report, or not of this runner): then the
   * command is not measurable. A report that says that no test ran is a report.
   */
  readReport(reports: readonly ReportFile[], place: ReportPlace): TestReport | null;
  /**
   * Whether a file is one that this runner takes for a test by its usual name, so that a changed one is expected among
   * those that ran. Path is workspace-relative.
   */
  isTestFile(path: string): boolean;
  /**
   * Names of files, as globs on the name alone and whatever the folder, that decide which tests run or what they may do:
   * `jest.config.*`. `checked` puts them back to what the base has.
   */
  configFiles: readonly string[];
}

/** An invocation with the runner that it is. */
export interface TestInvocation {
  runner: TestRunner;
  invocation: Invocation;
}

/**
 * Sees through a proof command: every invocation of a known runner that it makes, in order, each once. Empty when it makes
 * none, or when what it does cannot be said for certain. Its home is `proof/runners/find-invocations.ts`.
 */
export type FindTestInvocations = (
  /** Words of the command line, program first. */
  words: readonly string[],
  tree: ProofTree,
  runners: readonly TestRunner[],
) => Promise<readonly TestInvocation[]>;

/** A file of a slice as it is in the tree that is proved. */
export interface SourceFile {
  /** Workspace-relative with `/`. */
  path: string;
  text: string;
  /**
   * What the base has in its place, and in files that the slice changed or removed: a function that stands there with the
   * same meaning (moved, formatted, commented, typed anew) is not a changed one.
   */
  before: readonly string[];
}

/** A function whose body was taken out or changed. */
export interface FunctionPlace {
  /** As a person would name it: `parse`, `Reader.next`, `default`, `anonymous`. */
  name: string;
  /** 1-based. */
  line: number;
  /** Set where it only hands on a function of another file: `export { parse } from './parse'`. */
  passesOn?: true;
}

/** A file whose changed functions return nothing. */
export interface HollowFile {
  text: string;
  /** Empty when no function and no re-export is a changed one: then `text` is the text as it was. */
  functions: FunctionPlace[];
}

/** One small change of meaning. */
export interface Mutant extends FunctionPlace {
  /** The whole file with the change. */
  text: string;
  /** What was changed, in a few words: `< became <=`. */
  what: string;
}

/** One import of a module by declaration, or a re-export of it. */
export interface ImportedModule {
  /** As it is written: `./join.js`, `node:path`. */
  specifier: string;
  /** 1-based. */
  line: number;
  /** What it takes by name, `default` among it. */
  names: string[];
}

/** What a file takes from others, and what it offers them. */
export interface ModuleFacts {
  imports: ImportedModule[];
  /** Names that it exports, types and `default` among them; null where they cannot all be known. */
  exports: string[] | null;
}

/** What can be done with the text of a language once its parser is loaded. */
export interface LanguageTools {
  /**
   * The file with each changed function, method, arrow, class member or re-export doing nothing and returning nothing:
   * signatures and types stay, so that a type checker is content and an import finds its name. `only`: those alone.
   */
  hollow(file: SourceFile, only?: (place: FunctionPlace) => boolean): HollowFile | 'unparseable';
  /** At most `limit` mutants of changed statements, spread over the functions, always the same for the same text. */
  mutants(file: SourceFile, limit: number): Mutant[] | 'unparseable';
  /** What the file imports and exports. */
  modules(file: Pick<SourceFile, 'path' | 'text'>): ModuleFacts | 'unparseable';
}

/** A programming language whose sources can be hollowed. One file per language in `proof/languages/`. */
export interface Language {
  /** `typescript`. */
  id: string;
  /** For people: `TypeScript`. */
  name: string;
  /** With the dot: `.ts`. */
  extensions: readonly string[];
  /** Files of the language that hold no behaviour of their own: `.d.ts`. */
  isDeclaration?(path: string): boolean;
  /** Loads the parser: only when a file is about to be hollowed. */
  load(): Promise<LanguageTools>;
}
