const signs = /[\\[\]{}()*?!+@|]/;

/** Quotes a path for use inside an Nx fileset: `app/[id]/page.tsx` must match that file and no other. */
export function escapeGlob(path: string): string {
  return signs.test(path) ? path.replace(/[\\[\]{}()*?!+@|]/g, '\\$&') : path;
}

/** The Nx fileset of one context path; a trailing `/` means every file below. */
export function contextFileset(path: string): string {
  return path.endsWith('/')
    ? `{workspaceRoot}/${escapeGlob(path.slice(0, -1))}/**/*`
    : `{workspaceRoot}/${escapeGlob(path)}`;
}
