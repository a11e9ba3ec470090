/** The lane that a command is about. */
export interface LaneRequest {
  workspaceRoot: string;
  /** The lane's Nx project. */
  project: string;
  projectId: string | null;
  lane: string;
  /** Workspace-relative wave files, in the order of their numbers. */
  waves: string[];
  include: string[];
}
