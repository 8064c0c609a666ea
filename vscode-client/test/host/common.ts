/** What the tests inside VS Code share. */

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../src/extension";

export const WORKFLOW = "actions/workflows/make_breakfast.yaml";

/** What the extension has exported, active or made active now. */
export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>("st2lang.st2lang");
  assert.ok(extension, "the extension is installed");
  return extension.activate();
}

/** A file of the workspace. */
export function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, name);
}

/** An editor with a file of the workspace. */
export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file(name)));
}

/** An editor with a YAML text that is in no file. */
export async function openText(content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "yaml", content }));
}

/** The place of the `|` in a word of a document, as in `do: ser|ve`. */
export function place(document: vscode.TextDocument, marked: string): vscode.Position {
  const offset = document.getText().indexOf(marked.replace("|", ""));
  assert.notEqual(offset, -1, `${marked} is in ${document.fileName}`);
  return document.positionAt(offset + marked.indexOf("|"));
}

/** Replace the first occurrence of a text. */
export async function replace(editor: vscode.TextEditor, old: string, by: string): Promise<void> {
  const start = place(editor.document, `|${old}`);
  const range = new vscode.Range(start, editor.document.positionAt(editor.document.offsetAt(start) + old.length));
  assert.ok(await editor.edit((edit) => { edit.replace(range, by); }));
}

/** Close everything, changes thrown away. */
export async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor !== undefined) {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** What `look` gives as soon as it gives something; fails after a while, telling what it waited for. */
export async function eventually<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `not in a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The codes of a document's problems, once there are as many as expected. */
export async function problems(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return eventually(`${count} problems in ${uri.path}`, () => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length === count && found;
  });
}

/** The check that a problem comes from. */
export function code(problem: vscode.Diagnostic): string {
  const { code } = problem;
  return String(typeof code === "object" ? code.value : code);
}
