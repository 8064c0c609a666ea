/** The tests of a workspace that is not trusted; VS Code calls `run`. */

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, file, open, problems, replace, WORKFLOW } from "./common";
import { runMocha } from "./mocha";

export function run(): Promise<void> {
  return runMocha(() => {
    describe("a workspace that is not trusted", () => {
      it("has problems shown", async () => {
        assert.equal(vscode.workspace.isTrusted, false);
        const editor = await open(WORKFLOW);
        await replace(editor, "do: serve", "do: servv");
        await problems(editor.document.uri, 1);
      });

      it("does not say which program is the server", async () => {
        const { server } = await api();
        const settings = new TextDecoder().decode(await vscode.workspace.fs.readFile(file(".vscode/settings.json")));
        assert.match(settings, /st2lang\.server\.python/);
        assert.equal(server.found?.origin, "the PATH");
      });

      it("runs nothing", async () => {
        const { runs, rehearsals } = await api();
        assert.equal(await runs.run(file(WORKFLOW)), undefined);
        assert.equal(rehearsals(), undefined);
      });
    });
  });
}
