// What the user is told. Nothing here knows the editor.

export type State = "starting" | "running" | "stopped" | "missing";

/** The lines of the status item. */
export interface Told {
  readonly text: string;
  readonly detail: string;
  readonly bad: boolean;
  readonly busy: boolean;
}

export function status(state: State, version: string | undefined): Told {
  const detail = { starting: "starting", running: version ?? "running", stopped: "not running", missing: "program not found" };
  return {
    text: state === "missing" ? "$(warning) gatec" : "gatec",
    detail: detail[state],
    bad: state === "stopped" || state === "missing",
    busy: state === "starting",
  };
}

/** Why there is no language server, and the mend. */
export function missing(setting: string, looked: readonly string[]): string {
  const where = looked.length === 1 ? ` at ${looked[0] ?? ""}` : " on the PATH";
  return `The program \`${setting}\` was not found${where}. Install gatec, or say in the setting "gatec.path" where it is.`;
}
