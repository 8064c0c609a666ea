/** The graph of a workflow beside its text: drawn by the language server, live while the text changes. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { page, taskAt, type FromPage, type Graph, type PageState, type TaskResult, type ToPage } from "./graphPage";
import type { Server } from "./server";

const TYPE = "st2lang.graph";
const PATIENCE_MS = 150;

/** Every open graph view, one for each document. */
export class GraphViews implements vscode.Disposable, vscode.WebviewPanelSerializer<PageState | undefined> {
  private readonly views = new Map<string, GraphView>();
  private readonly known = new Map<string, readonly TaskResult[]>();
  private readonly registered = vscode.window.registerWebviewPanelSerializer(TYPE, this);

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: Server,
  ) {}

  /** Show the graph of a document. */
  async show(uri: vscode.Uri): Promise<void> {
    const known = this.views.get(uri.toString());
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const document = await vscode.workspace.openTextDocument(uri);
    this.add(document, vscode.window.createWebviewPanel(TYPE, "Graph", column, { retainContextWhenHidden: true }));
  }

  /** Show a graph again that was open when the window was left. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: PageState | undefined): Promise<void> {
    if (state === undefined) panel.dispose();
    else this.add(await vscode.workspace.openTextDocument(vscode.Uri.parse(state.uri)), panel);
  }

  /** Show how the tasks of a document have ended. */
  results(uri: vscode.Uri, results: readonly TaskResult[]): void {
    this.known.set(uri.toString(), results);
    this.views.get(uri.toString())?.tell({ kind: "results", results });
  }

  /** The view of a document, when there is one. */
  of(uri: vscode.Uri): GraphView | undefined {
    return this.views.get(uri.toString());
  }

  /** Draw all of them anew: the server may know more now. */
  refresh(): void {
    for (const view of this.views.values()) view.soon();
  }

  dispose(): void {
    this.registered.dispose();
    for (const view of [...this.views.values()]) view.dispose();
  }

  private add(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    const key = document.uri.toString();
    const view = new GraphView(document, panel, this.extension, this.server, () => this.known.get(key) ?? []);
    this.views.set(key, view);
    panel.onDidDispose(() => {
      this.views.delete(key);
      view.dispose();
    });
  }
}

/** The graph of one document. */
export class GraphView implements vscode.Disposable {
  /** How often it has been drawn. */
  drawn = 0;
  /** What the page shows now. */
  graph: Graph | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private readonly server: Server,
    private readonly results: () => readonly TaskResult[],
  ) {
    panel.title = `Graph of ${document.uri.path.split("/").pop() ?? "a workflow"}`;
    panel.iconPath = vscode.Uri.joinPath(extension, "media", "icon.png");
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: FromPage) => this.received(message)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document) this.soon();
      }),
      vscode.languages.onDidChangeDiagnostics((event) => {
        if (event.uris.some((uri) => uri.toString() === document.uri.toString())) this.soon();
      }),
      vscode.window.onDidChangeTextEditorSelection((event) => {
        if (event.textEditor.document === document) this.follow();
      }),
    ];
    load(panel.webview, extension);
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  tell(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  /** Draw it when nothing more has happened for a moment. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(), PATIENCE_MS);
  }

  /** Do what the page asks for. */
  async received(message: FromPage): Promise<void> {
    if (message.kind === "ready") {
      await this.draw();
      return;
    }
    const line = Math.min(Math.max(message.line, 0), this.document.lineCount - 1);
    const place = new vscode.Position(line, this.document.lineAt(line).firstNonWhitespaceCharacterIndex);
    const shown = vscode.window.visibleTextEditors.find((one) => one.document === this.document);
    const editor = await vscode.window.showTextDocument(this.document, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      selection: new vscode.Range(place, place),
    });
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
  }

  private async draw(): Promise<void> {
    const client = this.server.ready;
    if (client === undefined) {
      this.tell({ kind: "message", text: "The language server is not running." });
      return;
    }
    const version = this.document.version;
    try {
      const uri = client.code2ProtocolConverter.asUri(this.document.uri);
      const graph = await client.sendRequest<Graph | null>("st2lang/graph", { textDocument: { uri } });
      if (version !== this.document.version) return; // a newer drawing is on its way
      if (graph === null) {
        this.tell({ kind: "message", text: "This is no workflow." });
        return;
      }
      this.graph = graph;
      this.drawn += 1;
      this.tell({ kind: "graph", graph, uri: this.document.uri.toString() });
      this.tell({ kind: "results", results: this.results() });
      this.follow();
    } catch (error) {
      this.tell({ kind: "message", text: `The graph cannot be drawn: ${String(error)}` });
    }
  }

  /** Mark the task that the cursor is in. */
  private follow(): void {
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === this.document);
    const line = editor?.selection.active.line;
    const task = line === undefined || this.graph === undefined ? undefined : taskAt(this.graph, line);
    this.tell({ kind: "cursor", task });
  }
}

function load(webview: vscode.Webview, extension: vscode.Uri): void {
  const folders = { script: vscode.Uri.joinPath(extension, "dist"), style: vscode.Uri.joinPath(extension, "media") };
  webview.options = { enableScripts: true, localResourceRoots: Object.values(folders) };
  const addresses = {
    script: webview.asWebviewUri(vscode.Uri.joinPath(folders.script, "graph.js")).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(folders.style, "graph.css")).toString(),
    source: webview.cspSource,
  };
  webview.html = page(addresses, randomBytes(16).toString("base64"));
}
