/** Finds the command that starts the language server by asking each candidate for its version. */

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { candidates, reasonOf, versionOf, type Candidate } from "./candidates";

export interface Found extends Candidate {
  readonly version: string;
}

export interface Search {
  readonly found: Found | undefined;
  /** What was tried and why it was not taken, a line each. */
  readonly tried: readonly string[];
}

const PATIENCE_MS = 20_000;

/**
 * Look for the server. In a workspace that is not trusted only the user's own settings and the PATH count.
 *
 * `folder` is where the candidates are started: none of the workspace's, since on some systems what lies
 * there goes before the PATH.
 */
export async function search(folder: string): Promise<Search> {
  const configuration = vscode.workspace.getConfiguration("st2lang");
  const trusted = vscode.workspace.isTrusted;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((one) => one.uri.scheme === "file");
  const settings = {
    command: configuration.get<string[]>("server.command", []),
    python: configuration.get<string>("server.python", ""),
    activePython: trusted ? await activePython() : undefined,
    folders: trusted ? folders.map((one) => one.uri.fsPath) : [],
  };
  const tried: string[] = [];
  for (const candidate of candidates(settings, process.platform === "win32")) {
    const answer = await ask(candidate, folder);
    if (typeof answer !== "string") {
      return { found: answer, tried };
    }
    tried.push(`${candidate.command} (${candidate.origin}): ${answer}`);
  }
  return { found: undefined, tried };
}

function ask(candidate: Candidate, folder: string): Promise<Found | string> {
  return new Promise((resolve) => {
    const args = [...candidate.args, "--version"];
    execFile(candidate.command, args, { cwd: folder, timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      const version = versionOf(stdout);
      if (error === null && version !== undefined) resolve({ ...candidate, version });
      else if (error !== null && "code" in error && error.code === "ENOENT") resolve("not found");
      else if (error?.killed) resolve("no answer");
      else resolve(reasonOf(stderr));
    });
  });
}

interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

async function activePython(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  if (extension === undefined) return undefined;
  try {
    const api = extension.isActive ? extension.exports : await extension.activate();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const path = api.environments.getActiveEnvironmentPath(folder);
    return (await api.environments.resolveEnvironment(path))?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}
