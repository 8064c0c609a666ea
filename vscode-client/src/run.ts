/** Runs a workflow with `st2c run` and writes how its tasks have ended beside them. */

import { spawn } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import type { GraphViews } from "./graph";
import { outcomeOf, summary, type Outcome, type TaskOutcome } from "./outcome";
import type { Server } from "./server";
import { split } from "./words";

/** The runs of this window; the results of a document stay until it changes or runs again. */
export class Runs implements vscode.Disposable {
  private readonly succeeded = decoration("testing.iconPassed");
  private readonly failed = decoration("testing.iconFailed");
  private readonly subscriptions: vscode.Disposable[] = [this.succeeded, this.failed];

  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
    private readonly graphs: GraphViews,
  ) {
    this.subscriptions.push(
      vscode.workspace.onDidChangeTextDocument((event) => {
        const editor = vscode.window.visibleTextEditors.find((one) => one.document === event.document);
        if (editor !== undefined && event.contentChanges.length > 0) this.clearEditor(editor);
      }),
    );
  }

  /** Run the workflow of a document, that of the active editor by default; gives the outcome. */
  async run(uri?: vscode.Uri): Promise<Outcome | undefined> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage("Workflows run only in a workspace that you trust.");
      return undefined;
    }
    const target = uri ?? vscode.window.activeTextEditor?.document.uri;
    const found = this.server.found;
    if (target?.scheme !== "file" || found === undefined) return undefined;
    const document = await vscode.workspace.openTextDocument(target);
    if (document.isDirty) await document.save();
    const inputs = await vscode.window.showInputBox({
      title: `Run ${path.basename(target.fsPath)}`,
      prompt: "Inputs as name=value, separated by spaces; empty for none",
    });
    if (inputs === undefined) return undefined;
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Running ${path.basename(target.fsPath)}`,
        cancellable: true,
      },
      (_, token) => this.execute(document, [...split(inputs)], token),
    );
  }

  /** Take the results off the screen. */
  clear(): void {
    for (const editor of vscode.window.visibleTextEditors) this.clearEditor(editor);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async execute(
    document: vscode.TextDocument,
    inputs: string[],
    token: vscode.CancellationToken,
  ): Promise<Outcome | undefined> {
    const found = this.server.found;
    if (found === undefined) return undefined;
    const packs = vscode.workspace.getConfiguration("st2lang").get<string[]>("packDirs", []);
    const options = packs.flatMap((folder) => ["--pack-dir", folder]);
    const args = [...found.args, "run", document.uri.fsPath, ...inputs, "--format", "json", ...options];
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
    const child = spawn(found.command, args, {
      cwd: folder ?? path.dirname(document.uri.fsPath),
      stdio: ["ignore", "pipe", "pipe"],
    });
    token.onCancellationRequested(() => child.kill("SIGINT"));
    const text = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text.out += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (text.err += part));
    const code = await new Promise<number | undefined>((resolve) => {
      child.on("error", (error) => {
        text.err += String(error);
        resolve(undefined);
      });
      child.on("close", (ended) => {
        resolve(ended ?? undefined);
      });
    });
    const outcome = outcomeOf(text.out);
    if (text.err !== "") this.output.info(text.err.trimEnd());
    if (outcome === undefined) {
      this.tell(`The workflow did not run (exit code ${code ?? "none"}): ${lastLine(text.err)}`, true);
      return undefined;
    }
    this.output.info(JSON.stringify(outcome.output, undefined, 2));
    this.showResults(document, outcome.tasks);
    this.tell(summary(path.basename(document.uri.fsPath), outcome), outcome.status !== "succeeded");
    return outcome;
  }

  private showResults(document: vscode.TextDocument, tasks: readonly TaskOutcome[]): void {
    this.graphs.results(document.uri, tasks);
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
    if (editor === undefined) return;
    const good: vscode.DecorationOptions[] = [];
    const bad: vscode.DecorationOptions[] = [];
    for (const task of tasks) {
      if (task.line === undefined || task.line > document.lineCount) continue;
      const shown = new vscode.MarkdownString().appendCodeblock(
        JSON.stringify(task.result ?? null, undefined, 2).slice(0, 4_000),
        "json",
      );
      (task.status === "succeeded" ? good : bad).push({
        range: document.lineAt(task.line - 1).range,
        hoverMessage: shown,
        renderOptions: { after: { contentText: `  ${task.status}` } },
      });
    }
    editor.setDecorations(this.succeeded, good);
    editor.setDecorations(this.failed, bad);
  }

  private clearEditor(editor: vscode.TextEditor): void {
    editor.setDecorations(this.succeeded, []);
    editor.setDecorations(this.failed, []);
    this.graphs.results(editor.document.uri, []);
  }

  private tell(text: string, bad: boolean): void {
    const show = bad ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    void show(text, "Show Output").then((choice) => {
      if (choice !== undefined) this.output.show();
    });
  }
}

function decoration(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor(colour), margin: "0 0 0 1rem" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").pop() ?? "";
}
