import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, closeAll, eventually, open, place, replace, WORKFLOW } from "./common";

export function graph(): void {
  describe("graph view", () => {
    afterEach(closeAll);

    it("is drawn by its page's request, live, with problems on tasks", async () => {
      const { graphs } = await api();
      const editor = await open(WORKFLOW);
      await vscode.commands.executeCommand("st2lang.openGraph");
      const view = await eventually("a view", () => graphs.of(editor.document.uri));
      await eventually("a drawing", () => view.drawn > 0);
      assert.match(view.graph?.svg ?? "", /data-task="brew_coffee"/);
      await replace(editor, "do: serve", "do: servv");
      const problem = await eventually("a problem in the graph", () => view.graph?.problems[0]);
      assert.deepEqual([problem.task, problem.severity], ["brew_coffee", "error"]);
    });

    it("goes to a task", async () => {
      const { graphs } = await api();
      const editor = await open(WORKFLOW);
      await graphs.show(editor.document.uri);
      const line = place(editor.document, "|toast_bread:\n").line;
      await graphs.of(editor.document.uri)?.received({ kind: "open", line });
      assert.equal(vscode.window.activeTextEditor?.document, editor.document);
      assert.equal(vscode.window.activeTextEditor.selection.active.line, line);
    });

    it("opens once for a document, and is gone when closed", async () => {
      const { graphs } = await api();
      const { document } = await open(WORKFLOW);
      await graphs.show(document.uri);
      const view = graphs.of(document.uri);
      await graphs.show(document.uri);
      assert.equal(graphs.of(document.uri), view);
      await closeAll();
      await eventually("no view", () => graphs.of(document.uri) === undefined);
    });
  });
}
