// One file for the extension and all it depends on, so that the package needs no node_modules.
import { build } from "esbuild";

const minify = process.argv.includes("--minify");
await build({
  absWorkingDir: new URL("..", import.meta.url).pathname,
  entryPoints: ["src/extension.ts"],
  outfile: "out/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  // What VS Code 1.82 runs on.
  target: "node18",
  external: ["vscode"],
  legalComments: "inline",
  minify,
  logLevel: "warning",
});
