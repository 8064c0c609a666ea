/** The language server's life: found, started, restarted, missed. */

import * as vscode from "vscode";
import {
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import { search, type Found } from "./discovery";
import type { Status } from "./status";

const INSTALL = "https://github.com/st2lang/st2lang#readme";

/** The one server of this window. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private running: Promise<void> = Promise.resolve();
  /** The command that the server was started with, also for running and testing workflows. */
  found: Found | undefined;

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly status: Status,
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

  /** Tell the server the settings that it may take over while it runs. */
  async configure(): Promise<void> {
    const packDirs = vscode.workspace.getConfiguration("st2lang").get<string[]>("packDirs", []);
    await this.ready?.sendNotification("workspace/didChangeConfiguration", {
      settings: { st2lang: { packDirs } },
    });
  }

  dispose(): void {
    void this.stop();
  }

  private async startAgain(): Promise<void> {
    await this.stop();
    this.status.show("starting");
    const { found, tried } = await search();
    this.found = found;
    if (found === undefined) {
      this.missing(tried);
      return;
    }
    this.output.info(`st2c ${found.version}: ${found.command} ${found.args.join(" ")} (${found.origin})`);
    const client = this.create(found);
    this.client = client;
    try {
      await client.start();
      this.status.show("ready", `st2c ${found.version}`);
    } catch (error) {
      this.output.error(String(error));
      this.status.show("stopped", String(error));
    }
  }

  private create(found: Found): LanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: "yaml", scheme: "file" },
        { language: "yaml", scheme: "untitled" },
      ],
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: {
        packDirs: vscode.workspace.getConfiguration("st2lang").get<string[]>("packDirs", []),
      },
      initializationFailedHandler: (error) => {
        this.output.error(String(error));
        return false;
      },
    };
    const client = new LanguageClient(
      "st2lang",
      "StackStorm workflows",
      { command: found.command, args: [...found.args, "lsp"], transport: TransportKind.stdio },
      options,
    );
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.client === client) this.status.show("stopped");
      if (newState === State.Running) this.status.show("ready", `st2c ${found.version}`);
    });
    return client;
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

  private missing(tried: readonly string[]): void {
    this.status.show("missing");
    this.output.error("The language server was not found. Tried:");
    for (const line of tried) this.output.error(`  ${line}`);
    const message =
      "The StackStorm language server was not found: install it with `pip install st2lang`, " +
      "or name its Python in the settings.";
    void vscode.window
      .showErrorMessage(message, "Show What Was Tried", "Open Settings", "How to Install")
      .then((choice) => {
        if (choice === "Show What Was Tried") this.output.show();
        if (choice === "Open Settings") {
          void vscode.commands.executeCommand("workbench.action.openSettings", "st2lang.server");
        }
        if (choice === "How to Install") void vscode.env.openExternal(vscode.Uri.parse(INSTALL));
      });
  }
}
