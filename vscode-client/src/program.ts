/** Runs `st2c` for a result on its standard output. */

import { spawn } from "node:child_process";
import type * as vscode from "vscode";
import type { Found } from "./discovery";

export interface Printed {
  readonly out: string;
  readonly errors: string;
  /** Undefined when it was ended or has not started. */
  readonly code: number | undefined;
}

/** Run `st2c` with these arguments in a folder. Cancelling asks it to end, as Ctrl-C does. */
export function run(
  found: Found,
  args: readonly string[],
  folder: string | undefined,
  token: vscode.CancellationToken,
): Promise<Printed> {
  const child = spawn(found.command, [...found.args, ...args], {
    ...(folder === undefined ? {} : { cwd: folder }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const cancelling = token.onCancellationRequested(() => child.kill("SIGINT"));
  const text = { out: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text.out += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text.errors += part));
  return new Promise((resolve) => {
    child.on("error", (error) => {
      text.errors += String(error);
    });
    child.on("close", (code) => {
      cancelling.dispose();
      resolve({ ...text, errors: text.errors.trim(), code: code ?? undefined });
    });
  });
}

/** The options that say where packs are. */
export function packOptions(configuration: vscode.WorkspaceConfiguration): string[] {
  return configuration.get<string[]>("packDirs", []).flatMap((folder) => ["--pack-dir", folder]);
}

export function lastLine(text: string): string {
  return text.trim().split("\n").pop() ?? "";
}
