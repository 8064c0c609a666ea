/** How the tasks of a run have ended, beside them in the text and in the graph, until the text changes. */

import * as vscode from "vscode";
import type { GraphViews } from "./graph";
import { byTask, caption, isGood, type TaskOutcome } from "./outcome";

const SHOWN_CHARACTERS = 4_000;

/** The results that are on the screen, by document. */
export class Results implements vscode.Disposable {
  private readonly succeeded = decoration("charts.green");
  private readonly failed = decoration("charts.red");
  private readonly known = new Map<string, readonly TaskOutcome[]>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly graphs: GraphViews) {
    this.subscriptions = [
      this.succeeded,
      this.failed,
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0) this.forget(event.document.uri);
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.write(editor);
      }),
    ];
  }

  /** What is shown for a document. */
  of(uri: vscode.Uri): readonly TaskOutcome[] {
    return this.known.get(uri.toString()) ?? [];
  }

  show(uri: vscode.Uri, tasks: readonly TaskOutcome[]): void {
    this.known.set(uri.toString(), tasks);
    this.draw(uri);
  }

  /** Take the results of all documents off the screen. */
  clear(): void {
    for (const key of [...this.known.keys()]) this.forget(vscode.Uri.parse(key));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private forget(uri: vscode.Uri): void {
    if (this.known.delete(uri.toString())) this.draw(uri);
  }

  private draw(uri: vscode.Uri): void {
    this.graphs.results(uri, this.of(uri));
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() === uri.toString()) this.write(editor);
    }
  }

  private write(editor: vscode.TextEditor): void {
    const good: vscode.DecorationOptions[] = [];
    const bad: vscode.DecorationOptions[] = [];
    for (const runs of byTask(this.of(editor.document.uri)).values()) {
      const last = runs.at(-1);
      const line = last?.line;
      if (last === undefined || line === undefined || line > editor.document.lineCount) continue;
      (isGood(last.status) ? good : bad).push({
        range: editor.document.lineAt(line - 1).range,
        hoverMessage: shown(last),
        renderOptions: { after: { contentText: caption(runs) } },
      });
    }
    editor.setDecorations(this.succeeded, good);
    editor.setDecorations(this.failed, bad);
  }
}

function shown(task: TaskOutcome): vscode.MarkdownString {
  const text = JSON.stringify(task.result, undefined, 2);
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return new vscode.MarkdownString(`**Result of the last run** — ${task.status}\n`).appendCodeblock(cut, "json");
}

function decoration(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor(colour),
    after: { color: new vscode.ThemeColor(colour), margin: "0 0 0 2em" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
