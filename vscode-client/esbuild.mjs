// Bundles the extension and the script of the graph view, which runs in a web page; with --tests also what
// drives a real VS Code.
import * as esbuild from "esbuild";

const production = process.argv.includes("--production");
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: production ? "info" : "warning",
};
const node = { ...common, platform: "node", format: "cjs", target: "node20" };
const builds = [
  { ...node, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", external: ["vscode"] },
  {
    ...common,
    entryPoints: ["media/graph.ts"],
    outfile: "dist/graph.js",
    platform: "browser",
    format: "iife",
    target: "es2022",
  },
];
const tests = [
  {
    ...node,
    entryPoints: { host: "test/host/index.ts", restricted: "test/host/restricted.ts", virtual: "test/host/virtual.ts" },
    outdir: "build",
    external: ["vscode", "mocha"],
  },
  { ...node, entryPoints: ["test/live/main.ts"], outfile: "build/live.js", external: ["playwright-core"] },
];

const wanted = process.argv.includes("--tests") ? tests : builds;
if (process.argv.includes("--watch")) {
  for (const build of wanted) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(wanted.map((build) => esbuild.build(build)));
}
