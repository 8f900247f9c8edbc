// Snippets as the editor expands them: placeholders become their defaults.

export interface Snippet {
  readonly prefix: string | readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

/** The text of a snippet in which the `pick`th choice list (from 0) has its `option`th option. */
export function expand(body: string, pick = -1, option = 0): string {
  const defaults = new Map<string, string>();
  let [at, lists] = [0, 0];

  /** Reads up to an unescaped `}` inside a placeholder, or to the end outside of one. */
  function read(inside: boolean): string {
    let out = "";
    while (at < body.length) {
      const next = body[at];
      if (next === "\\" && /[\\$}]/.test(body[at + 1] ?? "")) {
        out += body[at + 1];
        at += 2;
      } else if (inside && next === "}") {
        return out;
      } else if (next === "$") {
        out += placeholder();
      } else {
        out += next;
        at += 1;
      }
    }
    if (inside) throw new Error(`a placeholder is not closed: ${body}`);
    return out;
  }

  function placeholder(): string {
    const found = /^\$(?:(\d+)|\{(\d+)(:|\||\}))/.exec(body.slice(at));
    if (!found) throw new Error(`\`$\` that begins no placeholder: ${body.slice(at)}`);
    at += found[0].length;
    const number = found[1] ?? found[2] ?? "";
    if (found[3] === ":") {
      defaults.set(number, read(true));
      at += 1;
    } else if (found[3] === "|") {
      const end = body.indexOf("|}", at);
      const options = body.slice(at, end).split(",");
      at = end + 2;
      defaults.set(number, options[lists === pick ? option : 0] ?? "");
      lists += 1;
    }
    return defaults.get(number) ?? "";
  }

  return read(false);
}

/** Every text that a snippet stands for: all defaults, and then each option of each list. */
export function variants(body: string): string[] {
  const lists = [...body.matchAll(/\$\{\d+\|(.*?)\|\}/g)].map((found) => (found[1] ?? "").split(",").length);
  const picked = lists.flatMap((count, list) => Array.from({ length: count - 1 }, (_, option) => expand(body, list, option + 1)));
  return [expand(body), ...picked];
}
