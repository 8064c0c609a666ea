/** The extension's beginning and end. */

import * as vscode from "vscode";
import { GraphViews } from "./graph";
import { Runs } from "./run";
import { Server } from "./server";
import { Status } from "./status";
import { Rehearsals } from "./tests";
import { isWorkflow } from "./workflow";

/** What other extensions, and tests, can see. */
export interface Api {
  readonly server: Server;
  readonly status: Status;
  readonly rehearsals: Rehearsals | undefined;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("StackStorm workflows", { log: true });
  const status = new Status();
  const server = new Server(output, status);
  const graphs = new GraphViews(context.extensionUri, server);
  const runs = new Runs(server, output, graphs);
  context.subscriptions.push(
    output,
    status,
    server,
    graphs,
    runs,
    vscode.commands.registerCommand("st2lang.restart", () => server.restart()),
    vscode.commands.registerCommand("st2lang.showOutput", () => {
      output.show();
    }),
    vscode.commands.registerCommand("st2lang.showGraph", (uri?: vscode.Uri) => graphs.show(uri)),
    vscode.commands.registerCommand("st2lang.run", (uri?: vscode.Uri) => runs.run(uri)),
    vscode.commands.registerCommand("st2lang.clearResults", () => {
      runs.clear();
    }),
    vscode.window.onDidChangeActiveTextEditor(tellWorkflow),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("st2lang.server")) void server.restart();
      else if (event.affectsConfiguration("st2lang.packDirs")) void server.configure();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart()),
  );
  let rehearsals: Rehearsals | undefined;
  if (vscode.workspace.isTrusted) {
    rehearsals = new Rehearsals(server, output);
    context.subscriptions.push(rehearsals);
  } else {
    context.subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        context.subscriptions.push(new Rehearsals(server, output));
      }),
    );
  }
  tellWorkflow(vscode.window.activeTextEditor);
  await server.restart();
  return { server, status, rehearsals };
}

function tellWorkflow(editor: vscode.TextEditor | undefined): void {
  const workflow = editor !== undefined && isWorkflow(editor.document.languageId, editor.document.getText());
  void vscode.commands.executeCommand("setContext", "st2lang.workflow", workflow);
}
