import { describe, expect, test } from "vitest";
import { page, taskAt } from "../src/graphPage";

describe("the page of the graph view", () => {
  const html = page({ script: "https://host/graph.js", style: "https://host/graph.css", source: "https://host" }, "N0nce");

  test("allows one script and one style sheet, and nothing inline", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy).toBe("default-src 'none'; style-src https://host; script-src 'nonce-N0nce'");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="N0nce" src="https://host/graph.js">');
    expect(html).not.toMatch(/<style|style=|\son\w+=/);
  });

  test("knows the task that the cursor is in", () => {
    const tasks = [
      { name: "a", line: 2, endLine: 4 },
      { name: "b", line: 6, endLine: 9 },
    ];
    const graph = { svg: "", problems: [], tasks };
    expect([1, 2, 4, 5, 9].map((line) => taskAt(graph, line))).toEqual([undefined, "a", "a", undefined, "b"]);
  });
});
