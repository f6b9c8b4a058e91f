const compiled = new Map<string, RegExp>();

/** Whether a path matches a glob: `*` within a folder, `**` across folders, `?` one character; case and slashes do not count. */
export function matchesGlob(path: string, glob: string): boolean {
  let pattern = compiled.get(glob);
  if (pattern === undefined) {
    const text = glob
      .replaceAll('\\', '/')
      .replaceAll(/[.+^${}()|[\]]/g, String.raw`\$&`)
      .replaceAll('**/', '\u0001')
      .replaceAll('**', '\u0002')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')
      .replaceAll('\u0001', '(?:.*/)?')
      .replaceAll('\u0002', '.*');
    pattern = new RegExp(`^${text}$`, 'i');
    compiled.set(glob, pattern);
  }
  return pattern.test(path.replaceAll('\\', '/'));
}
