import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, closeAll, eventually, file, open, place, WORKFLOW } from "./common";

/** The commands of the server, as its code lenses give them. */
export function commands(): void {
  describe("the server's commands", () => {
    afterEach(closeAll);

    it("are there once, announced by the server", async () => {
      const { server } = await api();
      const announced = server.ready?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
      const known = await vscode.commands.getCommands(true);
      for (const command of [...server.handlers.keys(), "st2lang.evaluate"]) {
        assert.ok(announced.includes(command), `${command} is announced`);
        assert.equal(known.filter((one) => one === command).length, 1, command);
      }
    });

    it("show the graph here", async () => {
      const { graphs } = await api();
      await vscode.commands.executeCommand("st2lang.showGraph", { uri: file(WORKFLOW).toString() });
      assert.ok(graphs.of(file(WORKFLOW)));
    });

    it("test in the Test Explorer", async () => {
      const { rehearsals } = await api();
      await vscode.commands.executeCommand("st2lang.test", { uri: file("actions/chains/feed_the_cat.yaml").toString() });
      assert.equal(rehearsals()?.ended.get(file("tests/cat_is_fed.yaml").toString()), "passed");
    });

    it("run to a task and show what ran before it", async () => {
      const { results } = await api();
      const { document } = await open(WORKFLOW);
      await vscode.commands.executeCommand("st2lang.runToHere", { uri: document.uri.toString(), task: "serve" });
      const shown = results.of(document.uri);
      assert.deepEqual(shown.at(-1)?.status, "reached");
      for (const one of shown) assert.equal(one.line, place(document, `|${one.task}:\n`).line + 1, one.task);
    });

    it("run to the task of the cursor, and show the report beside the workflow", async () => {
      const { results } = await api();
      const editor = await open(WORKFLOW);
      const at = place(editor.document, "  |brew_coffee:");
      editor.selection = new vscode.Selection(at, at);
      await vscode.commands.executeCommand("st2lang.runToCursor");
      const last = results.of(editor.document.uri).at(-1);
      assert.deepEqual([last?.task, last?.status], ["brew_coffee", "reached"]);
      const report = await eventually("a report", () =>
        vscode.window.visibleTextEditors.find((one) => one.document.uri.path.endsWith(".json")),
      );
      assert.notEqual(report.viewColumn, editor.viewColumn);
    });

    it("evaluate an expression with the values of the last run", async () => {
      const { runs } = await api();
      const editor = await open(WORKFLOW);
      await runs.with(editor.document, ["guests=Ada,Grace"]);
      const at = place(editor.document, "<% le|n(ctx().guests)");
      editor.selection = new vscode.Selection(at, at);
      const answer = await vscode.commands.executeCommand<{ value?: unknown } | undefined>("st2lang.evaluateSelection");
      assert.equal(answer?.value, 2, JSON.stringify(answer));
    });
  });
}
