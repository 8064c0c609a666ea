import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, closeAll, eventually, open, openText, WORKFLOW } from "./common";

export function runs(): void {
  describe("runs", () => {
    afterEach(closeAll);

    it("show on the tasks how they have ended, until the text changes", async () => {
      const { runs, results } = await api();
      const editor = await open(WORKFLOW);
      const outcome = await runs.with(editor.document, ["guests=Ada,Grace"]);
      assert.equal(outcome?.status, "succeeded");
      const shown = results.of(editor.document.uri);
      assert.deepEqual(new Set(shown.map((one) => one.task)), new Set(["brew_coffee", "toast_bread", "feed_the_cat", "serve"]));
      for (const one of shown) {
        assert.equal(editor.document.lineAt((one.line ?? 0) - 1).text.trim(), `${one.task}:`);
      }
      await editor.edit((edit) => { edit.insert(new vscode.Position(0, 0), "# changed\n"); });
      await eventually("no results", () => results.of(editor.document.uri).length === 0);
    });

    it("tell of a task that fails", async () => {
      const { runs, results } = await api();
      const editor = await open("actions/workflows/fails.yaml");
      const outcome = await runs.with(editor.document, []);
      assert.equal(outcome?.status, "failed");
      assert.deepEqual(results.of(editor.document.uri).map((one) => [one.task, one.status]), [["fall", "failed"]]);
      await vscode.commands.executeCommand("st2lang.clearResults");
      assert.deepEqual(results.of(editor.document.uri), []);
    });

    it("give nothing for inputs that are wrong, and for what is in no file", async () => {
      const { runs } = await api();
      const { document } = await open(WORKFLOW);
      assert.equal((await runs.with(document, ["guest=Ada"]))?.tasks.length ?? 0, 0);
      const untitled = await openText("version: 1.0\ntasks: {}\n");
      assert.equal(await runs.run(untitled.document.uri), undefined);
    });
  });
}
