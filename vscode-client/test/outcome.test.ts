import { describe, expect, test } from "vitest";
import { byTask, caption, casesOf, outcomeOf, reachedOf, summary } from "../src/outcome";

const RUN = {
  status: "failed",
  output: { a: 1 },
  errors: [{ type: "error", message: "Execution failed." }],
  tasks: [
    {
      task_id: "one",
      status: "succeeded",
      result: 1,
      line: 4,
      start_timestamp: "2026-01-01T00:00:00.000000Z",
      end_timestamp: "2026-01-01T00:00:01.500000Z",
    },
    { task_id: "two", status: "succeeded" },
    { task_id: "two", status: "failed" },
  ],
};

describe("what st2c run prints", () => {
  test("the outcome", () => {
    const outcome = outcomeOf(JSON.stringify(RUN));
    expect(outcome?.errors).toEqual(["Execution failed."]);
    expect(outcome?.tasks[0]).toEqual({ task: "one", status: "succeeded", result: 1, line: 4, seconds: 1.5 });
    expect(outcome?.tasks[1]).toEqual({
      task: "two",
      status: "succeeded",
      result: null,
      line: undefined,
      seconds: undefined,
    });
    expect(outcome && summary("a.yaml", outcome)).toBe("a.yaml failed (two)");
  });

  test("a workflow that was refused says why", () => {
    const outcome = outcomeOf(JSON.stringify({ ...RUN, tasks: [] }));
    expect(outcome && summary("a.yaml", outcome)).toBe("a.yaml failed: Execution failed.");
  });

  test("what stands beside a task", () => {
    const runs = byTask(outcomeOf(JSON.stringify(RUN))?.tasks ?? []);
    expect([...runs.keys()]).toEqual(["one", "two"]);
    expect(caption(runs.get("one") ?? [])).toBe("✓ succeeded, 1.5 s");
    expect(caption(runs.get("two") ?? [])).toBe("✗ failed, 2 runs");
    expect(caption([])).toBe("");
  });

  test("a run up to a task", () => {
    const ran = [
      { task_id: "a", status: "succeeded", result: 1 },
      { task_id: "c", status: "canceled" },
    ];
    const result = { task: "b", reached: true, input: { x: 1 }, ran };
    const shown = reachedOf({ result }).map((one) => [one.task, one.status, one.result]);
    expect(shown).toEqual([
      ["a", "succeeded", 1],
      ["b", "reached", { x: 1 }],
    ]);
    expect(reachedOf({ result: { ...result, reached: false } })).toHaveLength(1);
    expect(reachedOf({ status: "refused" })).toEqual([]);
    expect(caption(reachedOf({ result }).slice(1))).toBe("✓ reached");
  });

  test.each(["", "[]", "null", "{}", "st2c: error"])("%j is no outcome", (text) => {
    expect(outcomeOf(text)).toBeUndefined();
    expect(casesOf(text)).toBeUndefined();
  });
});

describe("what st2c test prints", () => {
  test("a difference, and a problem with its place", () => {
    const failures = [
      { what: "expected_output", message: "no output", expected: { a: 1 }, actual: null },
      { what: "unknown-key", message: "unknown key", file: "/a.yaml", line: 3, column: 5 },
    ];
    expect(casesOf(JSON.stringify({ cases: [{ file: "a.yaml", passed: false, failures }] }))).toEqual([
      {
        file: "a.yaml",
        passed: false,
        failures: [
          {
            what: "expected_output",
            message: "no output",
            difference: { expected: '{\n  "a": 1\n}', actual: "null" },
            place: undefined,
          },
          {
            what: "unknown-key",
            message: "unknown key",
            difference: undefined,
            place: { file: "/a.yaml", line: 3, column: 5 },
          },
        ],
      },
    ]);
  });
});
