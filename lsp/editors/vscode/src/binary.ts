// Where the `gatec` program is. Nothing here knows the editor, so that it can be tested without one.
import * as path from "node:path";

/** What a search depends on beside the setting. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The folder that `${workspaceFolder}` stands for; none is open in a window without one. */
  readonly workspace: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isFile: (file: string) => boolean;
}

export type Found =
  | { readonly kind: "found"; readonly file: string }
  /** `looked` are the files that would have been taken, in the order of the search. */
  | { readonly kind: "missing"; readonly looked: readonly string[] };

/** The program that a setting means, as a shell would find it. */
export function find(setting: string, around: Surroundings): Found {
  const system = around.platform === "win32" ? path.win32 : path.posix;
  const wanted = expand(setting.trim() || "gatec", around);
  const bases = isPath(wanted, around.platform)
    ? [system.resolve(around.workspace ?? around.home, wanted)]
    : folders(wanted, around, system);
  const looked = bases.flatMap((base) => endings(base, around).map((ending) => base + ending));
  const file = looked.find(around.isFile);
  return file === undefined ? { kind: "missing", looked } : { kind: "found", file };
}

/** `~` and `${workspaceFolder}` at the beginning. */
function expand(wanted: string, around: Surroundings): string {
  const home = wanted.replace(/^~(?=$|[\\/])/, () => around.home);
  return home.replace(/^\$\{workspaceFolder\}/, () => around.workspace ?? around.home);
}

function isPath(wanted: string, platform: NodeJS.Platform): boolean {
  return wanted.includes("/") || (platform === "win32" && /[\\:]/.test(wanted));
}

/** The places of a name on the `PATH`, and after them where cargo puts what it installs: an editor
 * that was started from a desktop often has not the shell's `PATH`. */
function folders(name: string, around: Surroundings, system: path.PlatformPath): string[] {
  const listed = (variable(around, "PATH") ?? "").split(system.delimiter);
  const cargo = system.join(variable(around, "CARGO_HOME") ?? system.join(around.home, ".cargo"), "bin");
  const wanted = [...listed, cargo].filter((folder) => system.isAbsolute(folder));
  return [...new Set(wanted)].map((folder) => system.join(folder, name));
}

/** Windows starts only what has one of a few endings. */
function endings(base: string, around: Surroundings): string[] {
  return around.platform === "win32" && !/\.(exe|com)$/i.test(base) ? [".exe"] : [""];
}

/** Windows takes names of variables in any case. */
function variable(around: Surroundings, name: string): string | undefined {
  const { environment, platform } = around;
  if (platform !== "win32") return environment[name];
  const key = Object.keys(environment).find((key) => key.toUpperCase() === name);
  return key === undefined ? undefined : environment[key];
}
