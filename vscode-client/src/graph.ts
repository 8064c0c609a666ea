/**
 * The graph of a workflow beside its text: drawn by the language server, live while the text changes.
 *
 * The page shows what the server has drawn and nothing else: no network, no script but its own.
 */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Server } from "./server";

/** What the server answers to `st2lang/graph`. Lines count from 0. */
export interface Graph {
  readonly svg: string;
  readonly tasks: readonly { readonly name: string; readonly line: number; readonly endLine: number }[];
  readonly problems: readonly { readonly task: string; readonly severity: string; readonly message: string }[];
}

/** How a task of the last run ended. */
export interface TaskResult {
  readonly task: string;
  readonly status: string;
}

/** What the page is told. */
export type ToPage =
  | { readonly kind: "graph"; readonly graph: Graph }
  | { readonly kind: "cursor"; readonly task: string | undefined }
  | { readonly kind: "results"; readonly results: readonly TaskResult[] }
  | { readonly kind: "message"; readonly text: string };

/** What the page tells. */
export type FromPage = { readonly kind: "ready" } | { readonly kind: "open"; readonly task: string };

const PATIENCE_MS = 150;

/** Every open graph view, one for each document. */
export class GraphViews implements vscode.Disposable {
  private readonly views = new Map<string, GraphView>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: Server,
  ) {}

  /** Show the graph of a document, that of the active editor by default. */
  async show(uri?: vscode.Uri): Promise<void> {
    const target = uri ?? vscode.window.activeTextEditor?.document.uri;
    if (target === undefined) return;
    const key = target.toString();
    const known = this.views.get(key);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const document = await vscode.workspace.openTextDocument(target);
    this.views.set(
      key,
      new GraphView(document, this.extension, this.server, () => this.views.delete(key)),
    );
  }

  /** Show how the tasks of a document have ended. */
  results(uri: vscode.Uri, results: readonly TaskResult[]): void {
    this.views.get(uri.toString())?.post({ kind: "results", results });
  }

  /** For tests: the document's view has been drawn so many times. */
  drawn(uri: vscode.Uri): number {
    return this.views.get(uri.toString())?.drawn ?? 0;
  }

  dispose(): void {
    for (const view of this.views.values()) view.dispose();
  }
}

class GraphView implements vscode.Disposable {
  drawn = 0;
  private readonly panel: vscode.WebviewPanel;
  private readonly subscriptions: vscode.Disposable[] = [];
  private graph: Graph | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly document: vscode.TextDocument,
    extension: vscode.Uri,
    private readonly server: Server,
    closed: () => void,
  ) {
    const name = document.uri.path.split("/").pop() ?? "workflow";
    const resources = [vscode.Uri.joinPath(extension, "dist"), vscode.Uri.joinPath(extension, "media")];
    this.panel = vscode.window.createWebviewPanel(
      "st2lang.graph",
      `Graph of ${name}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: resources, retainContextWhenHidden: true },
    );
    this.panel.webview.html = page(this.panel.webview, extension);
    this.subscriptions.push(
      this.panel.webview.onDidReceiveMessage((message: FromPage) => this.received(message)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document) this.soon();
      }),
      vscode.languages.onDidChangeDiagnostics((event) => {
        if (event.uris.some((uri) => uri.toString() === document.uri.toString())) this.soon();
      }),
      vscode.window.onDidChangeTextEditorSelection((event) => {
        if (event.textEditor.document === document) this.follow(event.selections[0]?.active.line ?? 0);
      }),
    );
    this.panel.onDidDispose(() => {
      closed();
      this.dispose();
    });
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  post(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
  }

  private async received(message: FromPage): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.draw();
        return;
      case "open": {
        const task = this.graph?.tasks.find((one) => one.name === message.task);
        if (task === undefined) return;
        const place = new vscode.Range(task.line, 0, task.line, 0);
        const shown = vscode.window.visibleTextEditors.find((one) => one.document === this.document);
        const editor = await vscode.window.showTextDocument(this.document, {
          viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
          selection: place,
        });
        editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      }
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(), PATIENCE_MS);
  }

  private async draw(): Promise<void> {
    const client = this.server.ready;
    if (client === undefined) {
      this.post({ kind: "message", text: "The language server is not running." });
      return;
    }
    const version = this.document.version;
    try {
      const uri = client.code2ProtocolConverter.asUri(this.document.uri);
      const graph = await client.sendRequest<Graph | null>("st2lang/graph", { textDocument: { uri } });
      if (version !== this.document.version) return; // a newer drawing is on its way
      if (graph === null) {
        this.post({ kind: "message", text: "This is no workflow." });
        return;
      }
      this.graph = graph;
      this.drawn += 1;
      this.post({ kind: "graph", graph });
    } catch (error) {
      this.post({ kind: "message", text: `The graph cannot be drawn: ${String(error)}` });
    }
  }

  private follow(line: number): void {
    const task = this.graph?.tasks.find((one) => one.line <= line && line <= one.endLine);
    this.post({ kind: "cursor", task: task?.name });
  }
}

function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "graph.js")).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, "media", "graph.css")).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `script-src 'nonce-${nonce}'`,
    "img-src data:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style}">
<title>Graph</title>
</head>
<body>
<p id="message" role="status">Drawing…</p>
<main id="graph"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
