/** Where Codex and OpenCode, and where Claude Code, look for the skills of a repository. */
export const skillFolders = ['.agents/skills', '.claude/skills'] as const;

/** What we ship: how a result envelope is written, for agents, and how a wave file is, for whoever plans. */
export const shippedSkills = ['wave-envelope', 'wave-file'] as const;
