/** Runs a workflow with `st2c run`. */

import * as path from "node:path";
import * as vscode from "vscode";
import { split, wrongInput } from "./inputs";
import { outcomeOf, reachedOf, summary, type Outcome } from "./outcome";
import { lastLine, packOptions, run } from "./program";
import type { Results } from "./results";
import type { Server } from "./server";
import { executable } from "./trust";

const REMEMBERED = "st2lang.inputs:";

/** The runs of this window. */
export class Runs {
  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
    private readonly results: Results,
    private readonly memory: vscode.Memento,
  ) {}

  /** Run a workflow with the inputs that somebody types; gives the outcome. */
  async run(uri: vscode.Uri): Promise<Outcome | undefined> {
    if (!executable(this.server, uri)) return undefined;
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.isDirty) await document.save();
    const key = `${REMEMBERED}${uri.toString()}`;
    const name = path.basename(uri.fsPath);
    const inputs = await vscode.window.showInputBox({
      title: `Run ${name}`,
      prompt: "Inputs as name=value, separated by spaces; empty for none",
      placeHolder: "guests=Ada,Grace strength=2",
      value: this.memory.get<string>(key, ""),
      validateInput: (text) => {
        const wrong = wrongInput(text);
        return wrong === undefined ? undefined : `${wrong} gives no input a value: name=value`;
      },
    });
    if (inputs === undefined) return undefined;
    await this.memory.update(key, inputs);
    return this.with(document, [...split(inputs)]);
  }

  /** Run up to a task with mocked actions, which the server does; gives what it answers. */
  async toHere(uri: vscode.Uri, server: () => Promise<unknown>): Promise<unknown> {
    if (!executable(this.server, uri)) return undefined;
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.isDirty) await document.save();
    const answer = await server();
    const lines = await taskLines(uri);
    const tasks = reachedOf(answer).map((one) => ({ ...one, line: lines.get(one.task) }));
    if (tasks.length > 0) this.results.show(uri, tasks);
    return answer;
  }

  /** Run a workflow with these inputs, given as `name=value`. */
  with(document: vscode.TextDocument, inputs: readonly string[]): Thenable<Outcome | undefined> {
    const title = `Running ${path.basename(document.uri.fsPath)}`;
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, (_, token) =>
      this.execute(document, inputs, token),
    );
  }

  private async execute(
    document: vscode.TextDocument,
    inputs: readonly string[],
    token: vscode.CancellationToken,
  ): Promise<Outcome | undefined> {
    const found = this.server.found;
    if (found === undefined) return undefined;
    const file = document.uri.fsPath;
    const options = packOptions(vscode.workspace.getConfiguration("st2lang", document.uri));
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? path.dirname(file);
    const printed = await run(found, ["run", file, ...inputs, "--format", "json", ...options], folder, token);
    if (printed.errors !== "") this.output.info(printed.errors);
    const outcome = outcomeOf(printed.out);
    if (outcome === undefined) {
      const why = lastLine(printed.errors) || `exit code ${printed.code ?? "none"}`;
      this.tell(`${path.basename(file)} did not run: ${why}`, true);
      return undefined;
    }
    this.output.info(`${summary(path.basename(file), outcome)}\n${JSON.stringify(outcome.output, undefined, 2)}`);
    this.results.show(document.uri, outcome.tasks);
    this.tell(summary(path.basename(file), outcome), outcome.status !== "succeeded");
    return outcome;
  }

  private tell(text: string, bad: boolean): void {
    const show = bad ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    void show(text, "Show Output").then((choice) => {
      if (choice !== undefined) this.output.show();
    });
  }
}

/** The lines of the tasks, from 1, as the outline has them. */
async function taskLines(uri: vscode.Uri): Promise<Map<string, number>> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider",
    uri,
  );
  const lines = new Map<string, number>();
  const read = (some: readonly vscode.DocumentSymbol[]): void => {
    for (const one of some) {
      if (!lines.has(one.name)) lines.set(one.name, one.selectionRange.start.line + 1);
      read(one.children);
    }
  };
  const tasks = symbols?.find((one) => one.name === "tasks" || one.name === "chain");
  read(tasks?.children ?? []);
  return lines;
}
