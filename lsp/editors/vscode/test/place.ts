// Where things are, seen from the compiled tests in out/test/test/.
import { readFileSync } from "node:fs";
import * as path from "node:path";

/** The extension's folder. */
export const here = path.resolve(__dirname, "../../..");
/** The project's folder. */
export const project = path.resolve(here, "../../..");

export const text = (...parts: string[]): string => readFileSync(path.join(...parts), "utf8");

export const json = <T>(...parts: string[]): T => JSON.parse(text(...parts)) as T;
