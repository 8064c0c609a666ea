/**
 * The commands of the server's code lenses and actions.
 *
 * The language client registers whatever the server announces. Those that show something or run a program are
 * done here and do not reach the server; the others do.
 */

import * as vscode from "vscode";
import type { ExecuteCommandMiddleware } from "vscode-languageclient";

/** What the server's commands are about. Positions count from 0. */
export interface Target {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position | undefined;
  readonly task: string | undefined;
}

export type Handler = (target: Target) => Promise<unknown>;

/** The middleware that keeps these commands from the server. */
export function intercepting(handlers: ReadonlyMap<string, Handler>): ExecuteCommandMiddleware {
  return {
    executeCommand: (command, args: unknown[], next) => {
      const target = targetOf(args[0]);
      const handler = handlers.get(command);
      if (handler === undefined || target === undefined) return next(command, args) as unknown;
      return handler(target);
    },
  };
}

function targetOf(argument: unknown): Target | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uri, position, task } = argument as Record<string, unknown>;
  if (typeof uri !== "string") return undefined;
  return {
    uri: vscode.Uri.parse(uri),
    position: positionOf(position),
    task: typeof task === "string" ? task : undefined,
  };
}

function positionOf(value: unknown): vscode.Position | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { line, character } = value as Record<string, unknown>;
  return typeof line === "number" && typeof character === "number" ? new vscode.Position(line, character) : undefined;
}

/** Show what refers to a place, as a code lens asks for. */
export async function showReferences(target: Target): Promise<void> {
  const position = target.position ?? new vscode.Position(0, 0);
  const found = await vscode.commands.executeCommand<vscode.Location[]>(
    "vscode.executeReferenceProvider",
    target.uri,
    position,
  );
  await vscode.commands.executeCommand("editor.action.showReferences", target.uri, position, found);
}
