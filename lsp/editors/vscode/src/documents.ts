// Which documents are the language server's. Nothing here knows the editor.

/** A document is chosen by where it is from, and by its language or its path. */
export interface Chosen {
  readonly scheme: "file" | "untitled";
  readonly language?: string;
  readonly pattern?: string;
}

/** Every KDL file is offered, whichever extension claims it: the server knows which of them a spec
 * includes, and leaves the others alone. YAML has too many other uses for that. */
const PATTERNS: readonly string[] = [
  "**/*.kdl",
  "**/gate.{yaml,yml}",
  "**/*.gate.{yaml,yml}",
  "**/*.cedar",
];

/** The documents that the server is told about; `include` are the globs of the user's settings. */
export function chosen(include: readonly string[]): Chosen[] {
  const globs = [...PATTERNS, ...include.map((glob) => glob.trim()).filter(Boolean).map(anywhere)];
  return [
    { scheme: "file", language: "gate" },
    { scheme: "untitled", language: "gate" },
    ...[...new Set(globs)].map((pattern): Chosen => ({ scheme: "file", pattern })),
  ];
}

/** The editor holds a glob against the whole path, the user means the path in the workspace. */
function anywhere(glob: string): string {
  const fixed = glob.startsWith("**/") || glob.startsWith("/") || /^[A-Za-z]:/.test(glob);
  return fixed ? glob : `**/${glob.replace(/^\.\//, "")}`;
}
