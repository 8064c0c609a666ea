import { describe, expect, test } from "vitest";
import { candidates, reasonOf, versionOf } from "../src/candidates";

const NOTHING = { command: [], python: "", activePython: undefined, folders: [] };

describe("which commands may start the server", () => {
  test("a command that the user has named is the only one", () => {
    const found = candidates({ ...NOTHING, command: ["uvx", "st2c"], python: "/py" }, false);
    expect(found).toEqual([
      { command: "uvx", args: ["st2c"], origin: "the setting st2lang.server.command" },
    ]);
  });

  test("so is a Python that the user has named", () => {
    expect(candidates({ ...NOTHING, python: "/py", activePython: "/other" }, false)).toMatchObject([
      { command: "/py", args: ["-P", "-m", "st2lang.commands.main"] },
    ]);
  });

  test("else the chosen Python, then the PATH", () => {
    const found = candidates({ ...NOTHING, activePython: "/venv/bin/python" }, false);
    expect(found.map((one) => one.command)).toEqual(["/venv/bin/python", "st2c", "python3", "python"]);
  });

  test("then the environments of the workspace", () => {
    const found = candidates({ ...NOTHING, folders: ["/w"] }, false);
    expect(found.map((one) => one.command).slice(0, 3)).toEqual([
      "/w/.venv/bin/python",
      "/w/venv/bin/python",
      "st2c",
    ]);
  });

  test("Windows has its launcher", () => {
    expect(candidates(NOTHING, true).map((one) => one.command)).toEqual(["st2c", "py", "python"]);
  });

  test.each([
    ["st2c 0.1.0\n", "0.1.0"],
    ["st2c 1.2.3rc1", "1.2.3rc1"],
    ["Python 3.12", undefined],
    ["", undefined],
  ])("the version in %j", (output, version) => {
    expect(versionOf(output)).toBe(version);
  });

  test.each([
    ["/usr/bin/python3: No module named st2lang", "st2lang is not installed there"],
    ["Unknown option: -P\nusage: python3", "it is older than Python 3.11"],
    ["Traceback\nValueError: no", "ValueError: no"],
    ["", "it does not answer as st2c does"],
  ])("why %j is not taken", (errors, reason) => {
    expect(reasonOf(errors)).toBe(reason);
  });
});
