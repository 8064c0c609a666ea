/** Which commands may start the language server, the likeliest first. Knows nothing of VS Code. */

import * as path from "node:path";

export interface Settings {
  /** The whole command, when the user has named one. */
  readonly command: readonly string[];
  /** The Python that the user has named for it. */
  readonly python: string;
  /** The Python that is chosen in the Python extension. */
  readonly activePython: string | undefined;
  /** The folders whose environments may be used: none in a workspace that is not trusted. */
  readonly folders: readonly string[];
}

export interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it comes from, for the log and for messages. */
  readonly origin: string;
}

/** `-P` keeps Python from importing what lies in the folder that it is started in. */
const MODULE = ["-P", "-m", "st2lang.commands.main"];
const ENVIRONMENTS = [".venv", "venv"];

/** What to try. A command or a Python that the user has named is tried alone: nothing else was meant. */
export function candidates(settings: Settings, windows: boolean): Candidate[] {
  const [command, ...args] = settings.command;
  if (command !== undefined && command !== "") {
    return [{ command, args, origin: "the setting st2lang.server.command" }];
  }
  if (settings.python !== "") {
    return [{ command: settings.python, args: MODULE, origin: "the setting st2lang.server.python" }];
  }
  const found: Candidate[] = [];
  if (settings.activePython !== undefined) {
    found.push({ command: settings.activePython, args: MODULE, origin: "the chosen Python" });
  }
  const inside = windows ? ["Scripts", "python.exe"] : ["bin", "python"];
  for (const folder of settings.folders) {
    for (const name of ENVIRONMENTS) {
      const python = path.join(folder, name, ...inside);
      found.push({ command: python, args: MODULE, origin: `the workspace's ${name}` });
    }
  }
  found.push({ command: "st2c", args: [], origin: "the PATH" });
  for (const python of windows ? ["py", "python"] : ["python3", "python"]) {
    found.push({ command: python, args: MODULE, origin: `${python} on the PATH` });
  }
  return found;
}

/** The version in what `st2c --version` prints; undefined when it is something else. */
export function versionOf(output: string): string | undefined {
  return /^st2c (\d+\.\d+\S*)/m.exec(output)?.[1];
}

/** Why a candidate was not taken, from what it wrote as errors. */
export function reasonOf(errors: string): string {
  if (/No module named '?st2lang/.test(errors)) return "st2lang is not installed there";
  if (/Unknown option: -P/.test(errors)) return "it is older than Python 3.11";
  return errors.trim().split("\n").pop() || "it does not answer as st2c does";
}
