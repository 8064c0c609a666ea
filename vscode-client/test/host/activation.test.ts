import * as vscode from "vscode";
import { execFileSync } from "node:child_process";
describe("activation", () => {
  it("activates", async () => {
    const extension = vscode.extensions.getExtension("st2lang.st2lang")!;
    console.log("at", extension.extensionPath, process.env["PATH"]);
    const t = Date.now();
    try { console.log(execFileSync("st2c", ["--version"], { encoding: "utf8" }), Date.now() - t); } catch (e) { console.log(String(e)); }
    const api = await extension.activate();
    console.log(JSON.stringify(api.server.found), Object.keys(api.server));
  });
});
