import { describe, expect, test } from "vitest";
import { candidates, versionOf } from "../src/candidates";

const NOTHING = { command: [], python: "", activePython: undefined };

describe("which commands may start the server", () => {
  test("a command that the user has named is the only one", () => {
    const found = candidates({ ...NOTHING, command: ["uvx", "st2c"], python: "/py" }, false);
    expect(found).toEqual([
      { command: "uvx", args: ["st2c"], origin: "the setting st2lang.server.command" },
    ]);
  });

  test("so is a Python that the user has named", () => {
    expect(candidates({ ...NOTHING, python: "/py", activePython: "/other" }, false)).toMatchObject([
      { command: "/py", args: ["-m", "st2lang.commands.main"] },
    ]);
  });

  test("else the chosen Python, then the PATH", () => {
    const found = candidates({ ...NOTHING, activePython: "/venv/bin/python" }, false);
    expect(found.map((one) => one.command)).toEqual(["/venv/bin/python", "st2c", "python3", "python"]);
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
});
