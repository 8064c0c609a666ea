/** Finds the command that starts the language server by asking each candidate for its version. */

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { candidates, versionOf, type Candidate } from "./candidates";

export interface Found extends Candidate {
  readonly version: string;
}

export interface Search {
  readonly found: Found | undefined;
  /** What was tried and why it was not taken, a line each. */
  readonly tried: readonly string[];
}

const PATIENCE_MS = 10_000;

/** Look for the server. In a workspace that is not trusted only the user's own settings count. */
export async function search(): Promise<Search> {
  const configuration = vscode.workspace.getConfiguration("st2lang");
  const settings = {
    command: configuration.get<string[]>("server.command", []),
    python: configuration.get<string>("server.python", ""),
    activePython: vscode.workspace.isTrusted ? await activePython() : undefined,
  };
  const tried: string[] = [];
  for (const candidate of candidates(settings, process.platform === "win32")) {
    const answer = await ask(candidate);
    if (typeof answer !== "string") {
      return { found: answer, tried };
    }
    tried.push(`${candidate.command} (${candidate.origin}): ${answer}`);
  }
  return { found: undefined, tried };
}

function ask(candidate: Candidate): Promise<Found | string> {
  return new Promise((resolve) => {
    const args = [...candidate.args, "--version"];
    execFile(candidate.command, args, { timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      const version = versionOf(stdout);
      if (error === null && version !== undefined) {
        resolve({ ...candidate, version });
      } else if (error !== null && "code" in error && error.code === "ENOENT") {
        resolve("not found");
      } else if (/No module named '?st2lang/.test(stderr)) {
        resolve("st2lang is not installed there");
      } else {
        resolve(stderr.trim().split("\n").pop() ?? "it does not answer as st2c does");
      }
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
