/** One working tree of a history: the first one, a linked worktree or a clone. */
export interface Tree {
  root: string;
  /** Trees of one repository share what is stored. */
  repository: string;
  read(path: string): string | null;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Every file of the tree that is not ignored, sorted. */
  files(): string[];
  git(...args: string[]): string;
  launch(options: LaunchOptions): Promise<Launched>;
  /** A decision of a person; false where the product refuses it. */
  decide(decision: Decision): Promise<boolean>;
  /** What the gate of a stage took for the work of each agent: paths with the ids of their blobs. */
  taken(stage: string): Record<string, [path: string, oid: string | null][]>;
}

export interface LaunchOptions {
  /** `--executor`. */
  executor?: string;
  /** The process dies before this one of its calls to git and programs. */
  dies?: number;
}

/** One start of an agent's program. */
export interface Start {
  id: string;
  /** What it had written when it ended, as [path, sha1 of the text]; null where it never ended. */
  wrote: [path: string, digest: string][] | null;
  asked: boolean;
}

export interface Launched {
  starts: Start[];
  /** How each task ended: `proven`, `reused`, `passed`, `failed`, `skipped`. Not all are there where the process died. */
  tasks: Record<string, string>;
  died: boolean;
  /** Calls to git and programs until the end. */
  calls: number;
  lines: string[];
}

export type Decision =
  | { do: 'retry'; agents: string[]; fresh: boolean }
  | { do: 'answer'; request: string; text: string }
  | { do: 'waive'; code: string; agent?: string }
  | { do: 'amend'; agent: string; path: string }
  | { do: 'revoke'; agent: string }
  | { do: 'land'; mode: 'tree' | 'commit' }
  | { do: 'reopen' };

/** Everything of one history. */
export interface World extends AsyncDisposable {
  first: Tree;
  /** Where starts of real programs are noted. */
  log: string;
  /** A folder that several clones may use as their store. */
  sharedStore: string;
  worktree(): Promise<Tree>;
  clone(from: Tree): Promise<Tree>;
  /** The repository forgets all that is stored. */
  forget(tree: Tree, what: 'state' | 'proofs' | 'everything'): Promise<void>;
}

/** What a world begins with. */
export interface WorldRequest {
  files: Record<string, string>;
  config(sharedStore: string): Record<string, unknown>;
  agentFile: string;
}
