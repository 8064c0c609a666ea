import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, open, place, replace, WORKFLOW } from "./common";

export function assistance(): void {
  describe("assistance", () => {
    afterEach(closeAll);

    it("completes tasks", async () => {
      const editor = await open(WORKFLOW);
      await replace(editor, "do: serve", "do: ");
      const labels = await completions(editor.document, place(editor.document, "do: |\n"));
      for (const task of ["brew_coffee", "toast_bread", "serve"]) assert.ok(labels.includes(task), `${task} in ${labels.join()}`);
    });

    it("completes variables in YAQL, and in Jinja inside of quotes", async () => {
      const editor = await open(WORKFLOW);
      await replace(editor, "<% ctx().strength %>", "<% ctx(). %>");
      const yaql = await completions(editor.document, place(editor.document, "<% ctx().| %>"), ".");
      assert.deepEqual(["guests", "strength", "cups"].filter((name) => !yaql.includes(name)), []);
      await replace(editor, "core.echo message=\"Smoke", "core.echo message=\"{{ ctx(). }} Smoke");
      const jinja = await completions(editor.document, place(editor.document, "{{ ctx().| }}"), ".");
      assert.ok(jinja.includes("guests"), jinja.join());
    });

    it("tells about an action and a function", async () => {
      const { document } = await open(WORKFLOW);
      assert.match(await hover(document, "action: breakfast.feed|_the_cat"), /portions/);
      assert.match(await hover(document, "<% le|n(ctx().guests)"), /len/);
    });

    it("shows the signature of a function", async () => {
      const editor = await open(WORKFLOW);
      await replace(editor, "<% len(ctx().guests) %>", "<% range(1, ) %>");
      const help = await vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
        "vscode.executeSignatureHelpProvider",
        editor.document.uri,
        place(editor.document, "range(1, |"),
        "(",
      );
      assert.match(help?.signatures[0]?.label ?? "", /range/);
    });

    it("shows the types of variables", async () => {
      const { document } = await open(WORKFLOW);
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, all);
      assert.ok(hints.length > 0);
    });

    it("offers to run, test and run to a task above the text", async () => {
      const { document } = await open(WORKFLOW);
      const lenses = await eventually("lenses", async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 50);
        return found.length > 0 && found;
      });
      const titles = lenses.map((one) => one.command?.title);
      for (const title of ["Run", "Test", "Run to here"]) assert.ok(titles.includes(title), `${title} in ${titles.join()}`);
      assert.ok(titles.some((title) => /\d references?/.test(title ?? "")));
    });
  });
}

async function completions(document: vscode.TextDocument, at: vscode.Position, trigger?: string): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    at,
    trigger,
  );
  return found.items.map(({ label }) => (typeof label === "string" ? label : label.label));
}

async function hover(document: vscode.TextDocument, marked: string): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    place(document, marked),
  );
  return found.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join("\n");
}
