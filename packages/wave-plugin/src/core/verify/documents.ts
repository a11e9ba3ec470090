const named = /(^|\/)(readme|changelog|contributing|history|notice|license|authors)[^/]*$/i;
const written = /\.(mdx?|markdown|txt|rst|adoc|asciidoc|org|html?|tex|ipynb)$/i;
const kept = /(^|\/)(docs?|documentation|wiki)\//i;

/** Whether a path is a document by its name, its kind or its folder. */
export function isDocument(path: string): boolean {
  return named.test(path) || written.test(path) || kept.test(path);
}

const marker = /(^|\/)(__init__\.pyi?|py\.typed|\.(git)?keep|\.nojekyll|\.npmignore|\.dockerignore)$/;

/** Whether a file does its work by being there, empty or not: `__init__.py`, `.gitkeep`. */
export function isMarker(path: string): boolean {
  return marker.test(path);
}
