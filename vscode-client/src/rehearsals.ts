/** Rehearsal files in the Test Explorer, run with `st2c test`. */

import * as path from "node:path";
import * as vscode from "vscode";
import { casesOf, type CaseOutcome, type Failure } from "./outcome";
import { packOptions, run } from "./program";
import type { Server } from "./server";
import { isRehearsal, lineOf, names, rehearsed } from "./workflow";

const PATTERN = "**/tests/**/*.{yaml,yml}";
const APART = "**/{node_modules,.git,.venv,venv}/**";
const AT_ONCE = 200;

/** Finds and runs the cases of the workspace. */
export class Rehearsals implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController("st2lang", "StackStorm rehearsals");
  /** How each case has ended last, by its id. */
  readonly ended = new Map<string, "passed" | "failed" | "skipped" | "errored">();
  private readonly workflows = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable[] = [this.controller];

  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.controller.resolveHandler = (item) => (item === undefined ? this.discover() : undefined);
    this.controller.refreshHandler = () => this.discover();
    const kind = vscode.TestRunProfileKind.Run;
    this.controller.createRunProfile("Run", kind, (request, token) => this.run(request, token), true);
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.look(uri)),
      watcher.onDidChange((uri) => this.look(uri)),
      watcher.onDidDelete((uri) => {
        this.forget(uri.toString());
      }),
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Look through the workspace's `tests` folders. */
  async discover(): Promise<void> {
    const found = await vscode.workspace.findFiles(PATTERN, APART);
    await Promise.all(found.map((uri) => this.look(uri)));
  }

  /** Run the cases of a workflow, or the case that this is. */
  async test(uri: vscode.Uri): Promise<void> {
    await this.discover();
    const items = [...this.controller.items].map(([, item]) => item);
    const about = items.filter((item) => item.id === uri.toString() || this.isAbout(item, uri));
    if (about.length === 0) {
      const name = path.basename(uri.fsPath);
      void vscode.window.showInformationMessage(
        `No rehearsal in a tests folder names ${name}. 'st2c run --record FILE' writes one from a run.`,
      );
      return;
    }
    const cancelling = new vscode.CancellationTokenSource();
    await this.run(new vscode.TestRunRequest(about), cancelling.token);
    cancelling.dispose();
  }

  private isAbout(item: vscode.TestItem, workflow: vscode.Uri): boolean {
    const named = this.workflows.get(item.id);
    return named !== undefined && names(named, workflow.fsPath);
  }

  private forget(key: string): void {
    this.controller.items.delete(key);
    this.workflows.delete(key);
    this.ended.delete(key);
  }

  private async look(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const text = await read(uri);
    if (text === undefined || !isRehearsal(text)) {
      this.forget(key);
      return;
    }
    this.workflows.set(key, rehearsed(text) ?? "");
    if (this.controller.items.get(key) !== undefined) return;
    const item = this.controller.createTestItem(key, path.basename(uri.fsPath), uri);
    item.description = vscode.workspace.asRelativePath(path.dirname(uri.fsPath));
    const line = lineOf(text, "workflow");
    item.range = new vscode.Range(line, 0, line, 0);
    this.controller.items.add(item);
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const test = this.controller.createTestRun(request);
    const excluded = new Set(request.exclude ?? []);
    const all = request.include ?? [...this.controller.items].map(([, item]) => item);
    const items = all.filter((item) => !excluded.has(item));
    for (const item of items) test.enqueued(item);
    for (let start = 0; start < items.length && !token.isCancellationRequested; start += AT_ONCE) {
      await this.runSome(test, items.slice(start, start + AT_ONCE), token);
    }
    test.end();
  }

  private async runSome(
    test: vscode.TestRun,
    items: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<void> {
    for (const item of items) test.started(item);
    const cases = await this.cases(items, token);
    for (const item of items) {
      const outcome = typeof cases === "string" ? cases : cases.get(path.resolve(item.uri?.fsPath ?? ""));
      await this.tell(test, item, outcome);
    }
  }

  /** What has come of the items, by file; words when nothing could be run. */
  private async cases(
    items: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<Map<string, CaseOutcome> | string> {
    const found = this.server.found;
    if (found === undefined) return "st2c was not found";
    const files = items.flatMap((item) => (item.uri === undefined ? [] : [item.uri.fsPath]));
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const options = packOptions(vscode.workspace.getConfiguration("st2lang"));
    const printed = await run(found, ["test", "--format", "json", ...options, ...files], folder, token);
    const cases = casesOf(printed.out);
    if (printed.errors !== "") this.output.info(printed.errors);
    if (cases === undefined) return printed.errors || "no answer from st2c test";
    return new Map(cases.map((one) => [path.resolve(folder ?? "", one.file), one]));
  }

  private async tell(
    test: vscode.TestRun,
    item: vscode.TestItem,
    outcome: CaseOutcome | string | undefined,
  ): Promise<void> {
    if (outcome === undefined) {
      test.skipped(item);
      this.ended.set(item.id, "skipped");
    } else if (typeof outcome === "string") {
      test.errored(item, new vscode.TestMessage(outcome));
      this.ended.set(item.id, "errored");
    } else if (outcome.passed) {
      test.passed(item);
      this.ended.set(item.id, "passed");
    } else {
      const text = (item.uri === undefined ? undefined : await read(item.uri)) ?? "";
      test.failed(item, outcome.failures.map((failure) => messageOf(failure, item, text)));
      this.ended.set(item.id, "failed");
    }
    const why = typeof outcome === "string" ? [outcome] : (outcome?.failures ?? []).map((one) => one.message);
    const lines = [`${this.ended.get(item.id) ?? ""} ${item.label}`, ...why.map((one) => `    ${one}`)];
    for (const line of lines) test.appendOutput(`${line.replaceAll("\n", "\r\n    ")}\r\n`, undefined, item);
  }
}

/** A failure where it is: at a problem's place, or at the key of the case that was not met. */
export function messageOf(failure: Failure, item: vscode.TestItem, text: string): vscode.TestMessage {
  const { difference, message, place } = failure;
  const told =
    difference === undefined
      ? new vscode.TestMessage(message)
      : vscode.TestMessage.diff(message, difference.expected, difference.actual);
  const position = place === undefined ? [lineOf(text, failure.what), 0] : [place.line - 1, place.column - 1];
  const uri = place === undefined ? item.uri : vscode.Uri.file(place.file);
  if (uri !== undefined) told.location = new vscode.Location(uri, new vscode.Position(position[0] ?? 0, position[1] ?? 0));
  return told;
}

async function read(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
