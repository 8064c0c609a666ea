/** One VS Code for one test: a server with folders of its own, the built extension installed, and a browser page. */

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";
import { program, visualStudioCode } from "./download";

const execute = promisify(execFile);

/** The folder of the client; this file is bundled into its `build`. */
export const CLIENT = path.resolve(__dirname, "..");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a person would set to be left alone. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "files.autoSave": "off",
};
const TRUSTED = { "security.workspace.trust.enabled": false };
const RESTRICTED = {
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

export interface Wishes {
  /** Whether the workspace is trusted. */
  readonly trusted: boolean;
  /** Names of extensions of this folder to have beside ours. */
  readonly extensions?: readonly string[];
  /** Changes of VS Code's environment. */
  readonly environment?: Record<string, string>;
}

export class Session {
  private constructor(
    readonly folder: string,
    readonly workspace: string,
    readonly address: string,
    private readonly server: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** Start everything. The workspace is a copy, to be changed at will. */
  static async start(wishes: Wishes): Promise<Session> {
    const folder = await mkdtemp(path.join(tmpdir(), "st2lang-vscode-"));
    const workspace = path.join(folder, "breakfast");
    await cp(path.join(CLIENT, "..", "docs", "examples", "breakfast"), workspace, { recursive: true });
    await cp(path.join(CLIENT, "test", "workspace"), workspace, { recursive: true });
    await cp(path.join(CLIENT, "test", "more"), path.join(folder, "more"), { recursive: true });
    if (!wishes.trusted) await cp(path.join(CLIENT, "test", "restricted"), workspace, { recursive: true });
    const trust = wishes.trusted ? TRUSTED : RESTRICTED;
    await writeSettings(path.join(folder, "user", "User"), { ...QUIET, ...trust });
    const code = await visualStudioCode();
    await install(code, folder, wishes.extensions ?? []);
    const [server, port] = await serve(code, folder, wishes.environment ?? {});
    const browser = await chromium.launch({ executablePath: await program("chromium"), args: FLAGS });
    return new Session(folder, workspace, `127.0.0.1:${port}`, server, browser);
  }

  /** A page of the browser, to open a window in. */
  page(): Promise<Page> {
    return this.browser.newPage({ viewport: { width: 1280, height: 800 } });
  }

  /** The address of a window with a folder, that of the workspace by default. */
  url(folder = this.workspace, payload: readonly (readonly [string, string])[] = []): string {
    const query = new URLSearchParams({ folder });
    if (payload.length > 0) query.set("payload", JSON.stringify(payload));
    return `http://${this.address}/?${query.toString()}`;
  }

  /** A path as VS Code's page names it. */
  remote(file: string): string {
    return `vscode-remote://${this.address}${file}`;
  }

  /** Change the workspace's settings. */
  settings(values: Record<string, unknown>): Promise<void> {
    return writeSettings(path.join(this.workspace, ".vscode"), values);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill();
    await ended;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function writeSettings(folder: string, values: Record<string, unknown>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "settings.json"), JSON.stringify(values, undefined, 2));
}

/** The folders of a VS Code in `folder`, as its server's arguments. */
function places(folder: string): string[] {
  return [
    ...["--server-data-dir", path.join(folder, "server")],
    ...["--user-data-dir", path.join(folder, "user")],
    ...["--extensions-dir", path.join(folder, "extensions")],
  ];
}

async function install(code: string, folder: string, others: readonly string[]): Promise<void> {
  const extensions = path.join(folder, "extensions");
  for (const other of others) {
    const from = path.join(CLIENT, "test", "live", "extensions", other);
    await cp(from, path.join(extensions, other), { recursive: true });
  }
  const main = path.join(code, "out", "server-main.js");
  const vsix = path.join(CLIENT, "st2lang.vsix");
  await execute(process.execPath, [main, ...places(folder), "--install-extension", vsix]);
}

async function serve(
  code: string,
  folder: string,
  environment: Record<string, string>,
): Promise<[ChildProcess, number]> {
  const main = path.join(code, "out", "server-main.js");
  const args = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"];
  const env = {
    ...process.env,
    VSCODE_CLI: "1", // extensions get this environment, not that of a login shell
    ST2C_STORE: path.join(folder, "executions.db"),
    ST2C_CACHE_DIR: path.join(folder, "cache"),
    ...environment,
  };
  const server = spawn(process.execPath, [main, ...args, ...places(folder)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const port = await new Promise<number>((resolve, reject) => {
    const read = (part: string): void => {
      printed += part;
      const found = /listening on (\d+)/.exec(printed);
      if (found !== null) resolve(Number(found[1]));
    };
    server.stdout.setEncoding("utf8").on("data", read);
    server.stderr.setEncoding("utf8").on("data", read);
    server.once("exit", () => {
      reject(new Error(`VS Code's server has ended:\n${printed}`));
    });
  });
  return [server, port];
}
