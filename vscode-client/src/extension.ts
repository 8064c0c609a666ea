/** The extension's beginning and end. */

import * as vscode from "vscode";
import { atCursor, showReferences } from "./commands";
import { GraphViews } from "./graph";
import { Rehearsals } from "./rehearsals";
import { Results } from "./results";
import { Runs } from "./run";
import { Server } from "./server";
import { Status } from "./status";
import { isWorkflow } from "./workflow";

/** What other extensions, and tests, can see. */
export interface Api {
  readonly server: Server;
  readonly status: Status;
  readonly graphs: GraphViews;
  readonly runs: Runs;
  readonly results: Results;
  /** Undefined until the workspace is trusted. */
  readonly rehearsals: () => Rehearsals | undefined;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("StackStorm workflows", { log: true });
  const status = new Status();
  const server = new Server(output, status, context.extensionPath);
  const graphs = new GraphViews(context.extensionUri, server);
  const results = new Results(graphs);
  const runs = new Runs(server, output, results, context.workspaceState);
  let rehearsals: Rehearsals | undefined;
  const trusted = (): void => {
    rehearsals = new Rehearsals(server, output);
    context.subscriptions.push(rehearsals);
  };
  const test = async (uri: vscode.Uri): Promise<void> => rehearsals?.test(uri);

  server.handlers
    .set("st2lang.run", ({ uri }) => runs.run(uri))
    .set("st2lang.test", ({ uri }) => test(uri))
    .set("st2lang.runToHere", ({ uri }, next) => runs.toHere(uri, next))
    .set("st2lang.showGraph", ({ uri }) => graphs.show(uri))
    .set("st2lang.showReferences", showReferences);
  context.subscriptions.push(
    output,
    status,
    server,
    graphs,
    results,
    command("st2lang.restart", () => server.restart()),
    command("st2lang.showOutput", () => {
      output.show();
    }),
    command("st2lang.clearResults", () => {
      results.clear();
    }),
    about("st2lang.openGraph", (uri) => graphs.show(uri)),
    about("st2lang.runWorkflow", (uri) => runs.run(uri)),
    about("st2lang.testWorkflow", test),
    command("st2lang.runToCursor", () => atCursor("st2lang.runToHere")),
    command("st2lang.evaluateSelection", () => atCursor("st2lang.evaluate")),
    server.onDidStart(() => {
      graphs.refresh();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      look(editor, server);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("st2lang.server")) void server.restart();
      else if (event.affectsConfiguration("st2lang")) void server.configure();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      trusted();
      void server.restart();
    }),
  );
  if (vscode.workspace.isTrusted) trusted();
  look(vscode.window.activeTextEditor, server);
  void wantedHere(server);
  await server.restart();
  return { server, status, graphs, runs, results, rehearsals: () => rehearsals };
}

function command(id: string, does: () => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, does);
}

/** A command about a document, that of the active editor when none is given. */
function about(id: string, does: (uri: vscode.Uri) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (given?: vscode.Uri) => {
    const uri = given ?? vscode.window.activeTextEditor?.document.uri;
    return uri === undefined ? undefined : does(uri);
  });
}

/** Which commands have a meaning in the editor depends on whether it shows a workflow. */
function look(editor: vscode.TextEditor | undefined, server: Server): void {
  const workflow = editor !== undefined && isWorkflow(editor.document.languageId, editor.document.getText());
  void vscode.commands.executeCommand("setContext", "st2lang.workflow", workflow);
  if (workflow) server.wanted();
}

/** A workspace of packs wants the server even before a workflow is open. */
async function wantedHere(server: Server): Promise<void> {
  const packs = await vscode.workspace.findFiles("**/pack.yaml", "**/node_modules/**", 1);
  if (packs.length > 0) server.wanted();
}
