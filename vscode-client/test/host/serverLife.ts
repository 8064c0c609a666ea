import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, closeAll, eventually, file, open, problems, replace, WORKFLOW } from "./common";

export function serverLife(): void {
  describe("the server's life", () => {
    const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("st2lang");
    afterEach(closeAll);

    it("is restarted", async () => {
      const { server, status } = await api();
      const before = server.ready;
      await vscode.commands.executeCommand("st2lang.restart");
      assert.ok(server.ready);
      assert.notEqual(server.ready, before);
      assert.notEqual(status.state, "missing");
      const editor = await open(WORKFLOW);
      await replace(editor, "do: serve", "do: servv");
      await problems(editor.document.uri, 1);
    });

    it("is missing where a setting names nothing, and says so; it is back when the setting is gone", async () => {
      const { server, status, runs } = await api();
      const { document } = await open(WORKFLOW);
      await settings().update("server.python", "/nowhere/python", vscode.ConfigurationTarget.Workspace);
      await eventually("missing", () => status.state === "missing");
      assert.deepEqual(server.tried, ["/nowhere/python (the setting st2lang.server.python): not found"]);
      assert.equal(server.ready, undefined);
      assert.equal(await runs.run(document.uri), undefined);
      await settings().update("server.python", undefined, vscode.ConfigurationTarget.Workspace);
      await eventually("ready", () => status.state === "ready");
      assert.ok(server.ready);
    });

    it("reads the packs of folders that the settings name", async () => {
      const { status } = await api();
      const editor = await open(WORKFLOW);
      await replace(editor, "action: breakfast.feed_the_cat", "action: pantry.open");
      await problems(editor.document.uri, 1);
      await settings().update("packDirs", [file("../more").fsPath], vscode.ConfigurationTarget.Workspace);
      await eventually("read", () => status.state === "ready");
      await problems(editor.document.uri, 0);
      await settings().update("packDirs", undefined, vscode.ConfigurationTarget.Workspace);
    });
  });
}
