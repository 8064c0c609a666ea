import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, code, file, open, openText, place, problems, replace, WORKFLOW } from "./common";

const FEEDER = "actions/chains/feed_the_cat.yaml";

export function language(): void {
  describe("language", () => {
    afterEach(closeAll);

    it("shows problems while somebody types, and takes them away", async () => {
      const editor = await open(WORKFLOW);
      await replace(editor, "do: serve", "do: servv");
      const [problem] = await problems(editor.document.uri, 1);
      assert.ok(problem);
      assert.equal(code(problem), "undefined-task");
      assert.match(problem.message, /`servv`.*did you mean `serve`/);
      assert.equal(editor.document.getText(problem.range), "servv");
      await replace(editor, "servv", "serve");
      await problems(editor.document.uri, 0);
    });

    it("mends a problem", async () => {
      const editor = await open(WORKFLOW);
      await replace(editor, "do: serve", "do: servv");
      const [problem] = await problems(editor.document.uri, 1);
      assert.ok(problem);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        editor.document.uri,
        problem.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = actions.find((one) => one.edit !== undefined && one.title.includes("serve"));
      assert.ok(fix?.edit, actions.map((one) => one.title).join(", "));
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await problems(editor.document.uri, 0);
    });

    it("goes from a do to the task, and from an action to its metadata", async () => {
      const { document } = await open(WORKFLOW);
      assert.deepEqual(await definition(document, "do: ser|ve"), [document.uri.path, place(document, "|serve:\n").line]);
      const [path] = await definition(document, "action: breakfast.fe|ed_the_cat");
      assert.equal(path, file("actions/feed_the_cat.yaml").path);
    });

    it("renames a task in all expressions and transitions", async () => {
      const { document } = await open(WORKFLOW);
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        "vscode.executeDocumentRenameProvider",
        document.uri,
        place(document, "|serve:\n"),
        "lay_the_table",
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.doesNotMatch(document.getText(), /\bserve\b/);
      assert.equal(document.getText().match(/lay_the_table/g)?.length, 5);
      await problems(document.uri, 0);
    });

    it("outlines the tasks", async () => {
      const { document } = await open(FEEDER);
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
      );
      const all = (some: readonly vscode.DocumentSymbol[]): string[] =>
        some.flatMap((one) => [one.name, ...all(one.children)]);
      for (const task of ["look_for_food", "fill_bowl", "apologise"]) assert.ok(all(symbols).includes(task), task);
    });

    it("formats", async () => {
      const { document } = await openText("version:   1.0\ntasks:\n    one:\n        action:    core.noop\n");
      const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
        "vscode.executeFormatDocumentProvider",
        document.uri,
        { tabSize: 2, insertSpaces: true },
      );
      const edit = new vscode.WorkspaceEdit();
      edit.set(document.uri, edits);
      await vscode.workspace.applyEdit(edit);
      assert.equal(document.getText(), "version: 1.0\ntasks:\n  one:\n    action: core.noop\n");
    });

    it("colours the words of expressions", async () => {
      const { document } = await open(WORKFLOW);
      const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
        "vscode.provideDocumentSemanticTokensLegend",
        document.uri,
      );
      const { data } = await vscode.commands.executeCommand<vscode.SemanticTokens>(
        "vscode.provideDocumentSemanticTokens",
        document.uri,
      );
      const kinds = new Map<string, string | undefined>();
      let [line, start] = [0, 0];
      for (let at = 0; at < data.length; at += 5) {
        const [lines = 0, characters = 0, length = 0, type = 0] = data.slice(at, at + 4);
        start = lines === 0 ? start + characters : characters;
        line += lines;
        kinds.set(document.getText(new vscode.Range(line, start, line, start + length)), legend.tokenTypes[type]);
      }
      assert.equal(kinds.get("succeeded"), "function");
      assert.equal(kinds.get("brew_coffee"), "class");
      assert.equal(kinds.get("guests"), "variable");
    });
  });
}

async function definition(document: vscode.TextDocument, marked: string): Promise<[string | undefined, number | undefined]> {
  const [found] = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    "vscode.executeDefinitionProvider",
    document.uri,
    place(document, marked),
  );
  if (found === undefined) return [undefined, undefined];
  return "uri" in found ? [found.uri.path, found.range.start.line] : [found.targetUri.path, found.targetRange.start.line];
}
