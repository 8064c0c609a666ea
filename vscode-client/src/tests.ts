/** Rehearsal files in the Test Explorer, run with `st2c test`. */

import { execFile } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import { casesOf } from "./outcome";
import type { Server } from "./server";
import { isRehearsal } from "./workflow";

const PATTERN = "**/*.{yaml,yml}";
const AT_ONCE = 200;

/** Finds and runs the cases of the workspace. */
export class Rehearsals implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController("st2lang", "StackStorm rehearsals");
  private readonly subscriptions: vscode.Disposable[] = [this.controller];

  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.controller.resolveHandler = (item) => (item === undefined ? this.discover() : undefined);
    this.controller.refreshHandler = () => this.discover();
    this.controller.createRunProfile(
      "Run",
      vscode.TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
    );
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.look(uri)),
      watcher.onDidChange((uri) => this.look(uri)),
      watcher.onDidDelete((uri) => {
        this.controller.items.delete(uri.toString());
      }),
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Look through the workspace's `tests` folders. */
  async discover(): Promise<void> {
    const found = await vscode.workspace.findFiles("**/tests/**/*.{yaml,yml}", "**/node_modules/**");
    await Promise.all(found.map((uri) => this.look(uri)));
  }

  private async look(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    try {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      if (!isRehearsal(text)) {
        this.controller.items.delete(key);
        return;
      }
    } catch {
      this.controller.items.delete(key);
      return;
    }
    const item = this.controller.createTestItem(key, path.basename(uri.fsPath), uri);
    item.description = vscode.workspace.asRelativePath(path.dirname(uri.fsPath));
    item.range = new vscode.Range(0, 0, 0, 0);
    this.controller.items.add(item);
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    const excluded = new Set(request.exclude ?? []);
    const all = request.include ?? [...this.controller.items].map(([, item]) => item);
    const items = all.filter((item) => !excluded.has(item));
    for (const item of items) run.enqueued(item);
    for (let start = 0; start < items.length && !token.isCancellationRequested; start += AT_ONCE) {
      await this.runSome(run, items.slice(start, start + AT_ONCE), token);
    }
    run.end();
  }

  private async runSome(
    run: vscode.TestRun,
    items: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<void> {
    const found = this.server.found;
    for (const item of items) run.started(item);
    if (found === undefined) {
      for (const item of items) run.errored(item, new vscode.TestMessage("st2c was not found"));
      return;
    }
    const files = items.flatMap((item) => (item.uri === undefined ? [] : [item.uri.fsPath]));
    const started = Date.now();
    const { out, error } = await execute(found.command, [...found.args, "test", "--format", "json", ...files], token);
    const cases = casesOf(out);
    if (cases === undefined) {
      this.output.error(error);
      for (const item of items) run.errored(item, new vscode.TestMessage(error || "no answer from st2c test"));
      return;
    }
    const byFile = new Map(cases.map((one) => [path.resolve(one.file), one]));
    const each = (Date.now() - started) / Math.max(1, items.length);
    for (const item of items) {
      const outcome = byFile.get(path.resolve(item.uri?.fsPath ?? ""));
      if (outcome === undefined) run.skipped(item);
      else if (outcome.passed) run.passed(item, each);
      else run.failed(item, outcome.failures.map((text) => new vscode.TestMessage(text)), each);
    }
  }
}

function execute(
  command: string,
  args: string[],
  token: vscode.CancellationToken,
): Promise<{ out: string; error: string }> {
  return new Promise((resolve) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const options = { maxBuffer: 256 * 1024 * 1024, ...(folder === undefined ? {} : { cwd: folder }) };
    const child = execFile(command, args, options, (_, out, error) => {
      resolve({ out, error: error.trim() });
    });
    token.onCancellationRequested(() => child.kill());
  });
}
