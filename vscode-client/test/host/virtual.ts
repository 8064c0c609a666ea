/** The tests of a workspace that is on no disk; VS Code calls `run`. */

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, code, file, problems } from "./common";
import { runMocha } from "./mocha";

export function run(): Promise<void> {
  return runMocha(() => {
    describe("a virtual workspace", () => {
      it("has problems shown, and definitions found", async () => {
        const uri = file("workflow.yaml");
        assert.equal(uri.scheme, "st2memory");
        await vscode.window.showTextDocument(uri);
        const [problem] = await problems(uri, 1);
        assert.ok(problem);
        assert.equal(code(problem), "undefined-task");
      });

      it("runs nothing", async () => {
        const { runs } = await api();
        assert.equal(await runs.run(file("workflow.yaml")), undefined);
      });
    });
  });
}
