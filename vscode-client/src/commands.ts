/**
 * The commands of the server's code lenses and actions.
 *
 * The language client registers whatever the server announces. What the editor shows better than a server can,
 * such as results on tasks, is done here; the rest reaches the server.
 */

import * as vscode from "vscode";
import type { ExecuteCommandMiddleware } from "vscode-languageclient";

/** What the server's commands are about. Positions count from 0. */
export interface Target {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position | undefined;
  readonly task: string | undefined;
}

/** Does a command; `next` has the server do it. */
export type Handler = (target: Target, next: () => Promise<unknown>) => Promise<unknown>;

/** The middleware that has these commands done here. */
export function intercepting(handlers: ReadonlyMap<string, Handler>): ExecuteCommandMiddleware {
  return {
    executeCommand: (command, args: unknown[], next) => {
      const target = targetOf(args[0]);
      const handler = handlers.get(command);
      const pass = async (): Promise<unknown> => (await next(command, args)) as unknown;
      return handler === undefined || target === undefined ? pass() : handler(target, pass);
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
  const others = found.filter((one) => one.uri.toString() !== target.uri.toString() || !one.range.contains(position));
  await vscode.commands.executeCommand("editor.action.showReferences", target.uri, position, others);
}

/** Have the server carry out a command about the place of the cursor. */
export async function atCursor(command: string): Promise<unknown> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { line, character } = editor.selection.active;
  const target = { uri: editor.document.uri.toString(), position: { line, character } };
  return vscode.commands.executeCommand(command, target);
}
