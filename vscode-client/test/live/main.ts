/**
 * The extension in a real VS Code: tests inside its extension host, then a person's journey through its window.
 *
 * `node build/live.js [PART …]`; the environment variable PYTHON names the Python that has st2lang.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { visualStudioCode } from "./download";
import { inHost } from "./host";
import { journey } from "./journey";
import { CLIENT, Session, type Wishes } from "./session";

const PYTHON = chosenPython();
const WITH_ST2C = { PATH: `${path.dirname(PYTHON)}${path.delimiter}${process.env["PATH"] ?? ""}` };

/** What can be asked for, in order. */
const PARTS: Record<string, () => Promise<boolean>> = {
  /** The Python that has st2lang is known to the Python extension alone. */
  host: () =>
    session(
      { trusted: true, extensions: ["python"], environment: { PATH: withoutSt2c(), ST2C_CHOSEN_PYTHON: PYTHON } },
      (one) => inHost(one, "host"),
    ),
  restricted: () =>
    session({ trusted: false, extensions: ["memory"], environment: WITH_ST2C }, async (one) => {
      const restricted = await inHost(one, "restricted");
      return (await inHost(one, "virtual", "st2memory:/pack")) && restricted;
    }),
  journey: () => session({ trusted: true, environment: WITH_ST2C }, journey),
};

function chosenPython(): string {
  const python = process.env["PYTHON"] ?? "python3";
  try {
    const program = "import st2lang, sys; print(sys.executable)";
    return execFileSync(python, ["-c", program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    console.error(`st2lang is not installed in ${python}; the environment variable PYTHON names another one`);
    process.exit(2);
  }
}

/** The PATH without the folders that have an `st2c` or this Python. */
function withoutSt2c(): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.filter((folder) => folder !== path.dirname(PYTHON)).join(path.delimiter);
}

async function session(wishes: Wishes, part: (session: Session) => Promise<boolean>): Promise<boolean> {
  const one = await Session.start(wishes);
  try {
    return await part(one);
  } finally {
    await one.stop();
  }
}

async function main(names: readonly string[]): Promise<number> {
  mkdirSync(path.join(CLIENT, "build", "shots"), { recursive: true });
  await visualStudioCode();
  const failed: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const started = Date.now();
    console.log(`\nVS Code: ${name}`);
    try {
      if (!(await part())) failed.push(name);
    } catch (error) {
      console.error(error);
      failed.push(name);
    }
    console.log(`VS Code: ${name} took ${((Date.now() - started) / 1_000).toFixed(0)} s`);
  }
  if (failed.length > 0) console.error(`VS Code: failed in ${failed.join(", ")}; see ${CLIENT}/build/shots`);
  return failed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
