import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, openText } from "./common";

export function snippets(): void {
  describe("snippets", () => {
    afterEach(closeAll);

    for (const name of ["Orquesta workflow", "ActionChain"]) {
      it(`${name}: nothing is wrong with what it writes`, async () => {
        const { document } = await openText("");
        await vscode.commands.executeCommand("editor.action.insertSnippet", { langId: "yaml", name });
        assert.match(document.getText(), /core\./);
        await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const wrong = vscode.languages.getDiagnostics(document.uri);
        assert.deepEqual(wrong.filter((one) => one.severity < vscode.DiagnosticSeverity.Information).map((one) => one.message), []);
      });
    }
  });
}
