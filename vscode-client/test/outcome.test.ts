import { describe, expect, test } from "vitest";
import { casesOf, outcomeOf, summary } from "../src/outcome";
import { isRehearsal, isWorkflow } from "../src/workflow";
import { split } from "../src/words";

describe("what st2c prints", () => {
  test("the outcome of a run", () => {
    const text = JSON.stringify({
      status: "failed",
      output: { a: 1 },
      tasks: [
        { task: "one", status: "succeeded", result: 1, line: 4 },
        { task: "two", status: "failed" },
      ],
    });
    const outcome = outcomeOf(text);
    expect(outcome?.tasks).toEqual([
      { task: "one", status: "succeeded", result: 1, line: 4 },
      { task: "two", status: "failed", result: undefined, line: undefined },
    ]);
    expect(outcome && summary("a.yaml", outcome)).toBe("a.yaml: failed (two)");
  });

  test.each(["", "[]", "null", "{}", "st2c: error"])("%j is no outcome", (text) => {
    expect(outcomeOf(text)).toBeUndefined();
    expect(casesOf(text)).toBeUndefined();
  });

  test("the cases of a test run, failures in whatever form", () => {
    const text = JSON.stringify({
      cases: [{ file: "a.yaml", passed: false, failures: ["x", { message: "y" }, { field: "z" }] }],
    });
    expect(casesOf(text)).toEqual([{ file: "a.yaml", passed: false, failures: ["x", "y", '{"field":"z"}'] }]);
  });
});

describe("what somebody has typed", () => {
  test.each([
    ["", []],
    ["  a=1   b=2 ", ["a=1", "b=2"]],
    [`name="two words" other='it is'`, ["name=two words", "other=it is"]],
  ])("%j", (text, words) => {
    expect([...split(text)]).toEqual(words);
  });
});

describe("which files are what", () => {
  test.each([
    ["version: 1.0\ntasks:\n", true, false],
    ["chain: []\n", true, false],
    ["workflow: a/b.yaml\ninputs: {}\nexpected_workflow_status: succeeded\n", false, true],
    ["name: tasks\n", false, false],
  ])("%j", (text, workflow, rehearsal) => {
    expect(isWorkflow("yaml", text)).toBe(workflow);
    expect(isRehearsal(text)).toBe(rehearsal);
    expect(isWorkflow("markdown", text)).toBe(false);
  });
});
