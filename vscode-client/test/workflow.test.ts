import { describe, expect, test } from "vitest";
import { split, wrongInput } from "../src/inputs";
import { isRehearsal, isWorkflow, lineOf, names, rehearsed } from "../src/workflow";

describe("which files are what", () => {
  test.each([
    ["version: 1.0\ntasks:\n", true, false],
    ["chain: []\n", true, false],
    ["workflow: a/b.yaml\ninputs: {}\nexpected_workflow_status: succeeded\n", false, true],
    ["workflow: a/b.yaml\n", false, false],
    ["name: tasks\n", false, false],
  ])("%j", (text, workflow, rehearsal) => {
    expect(isWorkflow("yaml", text)).toBe(workflow);
    expect(isRehearsal(text)).toBe(rehearsal);
    expect(isWorkflow("markdown", text)).toBe(false);
  });

  test.each([
    ["workflow: a/b.yaml # why\n", "a/b.yaml"],
    ["inputs: {}\nworkflow: 'a b.yaml'\n", "a b.yaml"],
    ['workflow: "x.yaml"', "x.yaml"],
    ["workflows: x.yaml", undefined],
  ])("the workflow that %j names", (text, workflow) => {
    expect(rehearsed(text)).toBe(workflow);
  });

  test.each([
    ["actions/a.yaml", "/pack/actions/a.yaml", true],
    ["../actions/./a.yaml", "/pack/actions/a.yaml", true],
    ["actions/a.yaml", "C:\\pack\\actions\\a.yaml", true],
    ["a.yaml", "/pack/actions/ba.yaml", false],
  ])("%s may mean %s: %s", (named, file, expected) => {
    expect(names(named, file)).toBe(expected);
  });

  test("the line of a key", () => {
    expect(lineOf("a: 1\nb:\n  a: 2\n", "b")).toBe(1);
    expect(lineOf("a: 1\n", "b")).toBe(0);
  });
});

describe("what somebody types as inputs", () => {
  test.each([
    ["", []],
    ["  a=1   b=2 ", ["a=1", "b=2"]],
    [`name="two words" other='it is'`, ["name=two words", "other=it is"]],
  ])("%j", (text, words) => {
    expect([...split(text)]).toEqual(words);
  });

  test.each([
    ["a=1 @b=file", undefined],
    ["a=1 two", "two"],
    ["=1", "=1"],
  ])("the first that is wrong in %j", (text, wrong) => {
    expect(wrongInput(text)).toBe(wrong);
  });
});
