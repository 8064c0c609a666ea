/** Which commands may start the language server, the likeliest first. Knows nothing of VS Code. */

export interface Settings {
  /** The whole command, when the user has named one. */
  readonly command: readonly string[];
  /** The Python that the user has named for it. */
  readonly python: string;
  /** The Python that is chosen in the Python extension. */
  readonly activePython: string | undefined;
}

export interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it comes from, for the log and for messages. */
  readonly origin: string;
}

const MODULE = ["-m", "st2lang.commands.main"];

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
