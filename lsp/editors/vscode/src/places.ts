// The places that a code lens of a route has for its policies. Nothing here knows the editor.

export interface Point {
  readonly line: number;
  readonly character: number;
}

export interface Place {
  readonly uri: string;
  readonly range: { readonly start: Point; readonly end: Point };
}

/** A list of places to be shown from a point in a file. */
export interface List {
  readonly uri: string;
  readonly at: Point;
  readonly places: readonly Place[];
}

/** What the arguments of `gatec.showPolicies` ask for; nothing where they are none of the server's. */
export function asked(given: readonly unknown[]): List | undefined {
  const [uri, at, places] = given;
  if (typeof uri !== "string" || !isPoint(at) || !Array.isArray(places) || !places.every(isPlace)) return undefined;
  return { uri, at, places };
}

function isPoint(one: unknown): one is Point {
  return has(one, "line") && has(one, "character") && typeof one.line === "number" && typeof one.character === "number";
}

function isPlace(one: unknown): one is Place {
  if (!has(one, "uri") || !has(one, "range")) return false;
  const { uri, range } = one;
  return typeof uri === "string" && has(range, "start") && has(range, "end") && isPoint(range.start) && isPoint(range.end);
}

function has<K extends string>(one: unknown, key: K): one is Record<K, unknown> {
  return typeof one === "object" && one !== null && key in one;
}
