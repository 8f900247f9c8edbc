// What stands around each snippet: the rest of a spec in which it makes sense.

const LISTENER = 'listener "web" bind="127.0.0.1:8080"';
const UPSTREAM = 'upstream "orders" {\n    server "http://127.0.0.1:9000"\n}';
const HELLO = 'route "hello" public=#true {\n    match "GET" "/hello/{name}"\n    respond 200 "Hello {{ path.name }}"\n}';
const CART = 'route "cart" public=#true {\n    match "POST" "/cart"\n    respond 201 "taken"\n}';
const ORDERS = 'route "orders" public=#true {\n    match prefix="/api/orders"\n    proxy "orders" strip-prefix="/api"\n}';

/** `@` stands for the snippet. */
const whole = (...nodes: string[]): string => `${nodes.join("\n")}\n`;
const inListener = whole('listener "web" bind="127.0.0.1:8443" {', "@", "}", HELLO);
const inRoute = (...rest: string[]): string => whole(LISTENER, UPSTREAM, 'route "r" public=#true {', ...rest, "}", ORDERS);
const answered = 'respond 200 "done"';
const passedOn = 'match "/r"\nproxy "orders"';

const CONTEXTS: Readonly<Record<string, string>> = {
  Spec: "@",
  Listener: whole("@", HELLO),
  "Listener with TLS": whole("@", HELLO),
  TLS: inListener,
  HSTS: whole('listener "web" bind="127.0.0.1:8443" {', "tls {", 'certificate "certs/dev.pem" key="certs/dev.key"', "@", "}", "}", HELLO),
  "Redirect to https": inListener,
  Limits: inListener,
  Upstream: whole(LISTENER, "@", ORDERS),
  "Upstream from a variable": whole(LISTENER, "@", ORDERS),
  Server: whole(LISTENER, 'upstream "orders" {', 'server "http://127.0.0.1:9000"', "@", "}", ORDERS),
  "Route that answers": whole(LISTENER, "@"),
  "Route that passes on": whole(LISTENER, UPSTREAM, "@"),
  "Route to files": whole(LISTENER, "@"),
  "Route that redirects": whole(LISTENER, "@"),
  Match: inRoute("@", answered),
  "Match a header": inRoute("@", answered),
  "Match the body": inRoute("@", answered),
  Respond: inRoute('match "/r"', "@"),
  Proxy: inRoute('match "/r"', "@"),
  "Rewrite the path": inRoute('match "/r"', "@"),
  Files: inRoute('match "GET" prefix="/r"', "@"),
  Redirect: inRoute('match "/r"', "@"),
  "Change the request": inRoute(passedOn, "@"),
  "Change the response": inRoute(passedOn, "@"),
  Cookie: inRoute('match "/r"', answered, "@"),
  Compress: inRoute('match "/r"', answered, "@"),
  "Error page": whole(LISTENER, HELLO, "@"),
  Log: whole(LISTENER, HELLO, "@"),
  Management: whole(LISTENER, HELLO, "@"),
  Include: whole(LISTENER, HELLO, "@"),
  Profile: whole(LISTENER, HELLO, "@"),
  Test: whole(LISTENER, HELLO, "@"),
  "Test of a POST": whole(LISTENER, CART, "@"),
  "Test of a proxied request": whole(LISTENER, UPSTREAM, ORDERS, "@"),
};

/** A spec with the snippet in it. */
export function around(name: string, snippet: string): string {
  const context = CONTEXTS[name];
  if (context === undefined) throw new Error(`no spec is known around the snippet "${name}": add one`);
  return context.replace("@", () => snippet);
}
