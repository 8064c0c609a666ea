/** Whether something of the workspace may be executed, and what to say when not. */

import * as vscode from "vscode";
import type { Server } from "./server";

/** Whether the workflow may run here; says why not when it may not. */
export function executable(server: Server, uri: vscode.Uri): boolean {
  if (!vscode.workspace.isTrusted) {
    void vscode.window
      .showWarningMessage("Workflows run only in a workspace that you trust.", "Manage Trust")
      .then((choice) => {
        if (choice !== undefined) void vscode.commands.executeCommand("workbench.trust.manage");
      });
    return false;
  }
  if (uri.scheme !== "file") {
    void vscode.window.showWarningMessage("Only workflows that are saved on this machine can run.");
    return false;
  }
  if (server.found === undefined) server.tellMissing();
  return server.found !== undefined;
}
