/** Where Codex and OpenCode, and where Claude Code, look for the skills of a repository. */
export const skillFolders = ['.agents/skills', '.claude/skills'] as const;
