/** The language server's life: found, started, restarted, missed. */

import * as vscode from "vscode";
import {
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type LanguageClientOptions,
  type Middleware,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import { intercepting, type Handler } from "./commands";
import { search, type Found } from "./discovery";
import type { Status } from "./status";

type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** The one server of this window. */
export class Server implements vscode.Disposable {
  /** What is done here instead of by the server, by command. */
  readonly handlers = new Map<string, Handler>();
  /** The command that the server was started with, also for running and testing workflows. */
  found: Found | undefined;
  /** What the last search has tried in vain. */
  tried: readonly string[] = [];
  private readonly begun = new vscode.EventEmitter<void>();
  /** A server, the first or another one, has begun to answer. */
  readonly onDidStart = this.begun.event;
  private client: LanguageClient | undefined;
  private running: Promise<void> = Promise.resolve();
  private asked = false;
  private needed = false;

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly status: Status,
    /** A folder that holds nothing of the workspace: Python imports what lies where it is started. */
    private readonly folder: string,
  ) {}

  /** The client when it talks to a server, else undefined. */
  get ready(): LanguageClient | undefined {
    return this.client?.state === State.Running ? this.client : undefined;
  }

  /** Start, or start anew. Calls wait for one another. */
  restart(): Promise<void> {
    this.running = this.running.then(
      () => this.startAgain(),
      () => this.startAgain(),
    );
    return this.running;
  }

  /** There is a workflow: from now on a missing server is worth a message. */
  wanted(): void {
    this.needed = true;
    if (this.status.state === "missing") this.missed();
  }

  /** Tell the server the settings that it may take over while it runs. */
  async configure(): Promise<void> {
    await this.ready?.sendNotification("workspace/didChangeConfiguration", { settings: { st2lang: settings() } });
  }

  /** Say that the server is missing and what to do. */
  tellMissing(): void {
    const configured = this.tried.length === 1 && this.tried[0]?.includes("(the setting ") === true;
    const message = configured
      ? `The StackStorm language server does not start: ${this.tried[0]}. Correct the setting, or empty it.`
      : "The StackStorm language server was not found. Install it with 'pip install st2lang' into the Python " +
        "that is chosen here, or name its Python in the settings.";
    void vscode.window.showErrorMessage(message, "How to Install", "Settings", "Details").then((choice) => {
      if (choice === "Details") this.output.show();
      if (choice === "Settings") {
        void vscode.commands.executeCommand("workbench.action.openSettings", "st2lang.server");
      }
      if (choice === "How to Install") {
        void vscode.commands.executeCommand("workbench.action.openWalkthrough", "st2lang.st2lang#st2lang.start");
      }
    });
  }

  dispose(): void {
    this.begun.dispose();
    void this.stop();
  }

  private async startAgain(): Promise<void> {
    await this.stop();
    this.status.show("starting");
    const { found, tried } = await search(this.folder);
    this.found = found;
    this.tried = tried;
    this.asked = false;
    if (found === undefined) {
      this.status.show("missing");
      this.output.error("The language server was not found. Tried:");
      for (const line of tried) this.output.error(`  ${line}`);
      if (this.needed) this.missed();
      return;
    }
    this.output.info(`st2c ${found.version}: ${found.command} ${found.args.join(" ")} (${found.origin})`);
    const client = this.create(found);
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.output.error(String(error));
      this.status.show("stopped", String(error));
    }
  }

  private create(found: Found): LanguageClient {
    const client = new LanguageClient(
      "st2lang",
      "StackStorm workflows",
      {
        command: found.command,
        args: [...found.args, "lsp"],
        transport: TransportKind.stdio,
        options: { cwd: this.folder },
      },
      this.options(),
    );
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Stopped) this.status.show("stopped");
      if (newState === State.Running) {
        this.status.ready(`st2c ${found.version}`);
        this.begun.fire();
      }
    });
    return client;
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: schemes().map((scheme) => ({ language: "yaml", scheme })),
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: settings(),
      initializationFailedHandler: (error) => {
        this.output.error(String(error));
        return false;
      },
      middleware: this.middleware(),
    };
  }

  private middleware(): Middleware {
    return {
      ...intercepting(this.handlers),
      handleWorkDoneProgress: (token, params: Progress, next) => {
        if (params.kind === "end") this.status.read();
        else this.status.reading(params.message, params.percentage);
        next(token, params);
      },
      window: {
        showDocument: ({ uri, external }) => (external === true ? openOutside(uri) : showBeside(uri)),
      },
    };
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose(5_000);
    } catch (error) {
      this.output.warn(`the server did not stop: ${String(error)}`);
    }
  }

  /** Say that it is missing, once for every search. */
  private missed(): void {
    if (!this.asked) this.tellMissing();
    this.asked = true;
  }
}

/** Where documents may be: on the disk, not saved yet, or in a workspace that is somewhere else. */
function schemes(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [...new Set(["file", "untitled", ...folders.map((folder) => folder.uri.scheme)])];
}

/** What the server is told: at its start, and whenever something of it changes. */
function settings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration("st2lang");
  return {
    packDirs: configuration.get<string[]>("packDirs", []),
    diagnostics: configuration.get<string>("diagnostics", "workspace"),
    inlayHints: {
      types: configuration.get<boolean>("inlayHints.types", true),
      joins: configuration.get<boolean>("inlayHints.joins", true),
    },
    trusted: vscode.workspace.isTrusted,
  };
}

/** A report of the server stands beside the workflow that it is about, not over it. */
async function showBeside(uri: string): Promise<{ success: boolean }> {
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
  return { success: true };
}

async function openOutside(uri: string): Promise<{ success: boolean }> {
  return { success: await vscode.env.openExternal(vscode.Uri.parse(uri)) };
}
