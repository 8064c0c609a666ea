import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { messageOf } from "../../src/rehearsals";
import { api, closeAll, eventually, file, WORKFLOW } from "./common";

export function rehearsals(): void {
  describe("rehearsals in the Test Explorer", () => {
    afterEach(closeAll);

    it("are found in the tests folders", async () => {
      const { rehearsals } = await api();
      await rehearsals()?.discover();
      const labels = [...(rehearsals()?.controller.items ?? [])].map(([, item]) => item.label);
      for (const name of ["toast_burns.yaml", "cat_is_fed.yaml", "expects_too_much.yaml"]) {
        assert.ok(labels.includes(name), name);
      }
    });

    it("run for a workflow, and pass or fail", async () => {
      const { rehearsals } = await api();
      const found = rehearsals();
      assert.ok(found);
      found.ended.clear();
      await found.test(file(WORKFLOW));
      const ended = (name: string): string | undefined => found.ended.get(file(`tests/${name}`).toString());
      assert.equal(ended("toast_burns.yaml"), "passed");
      assert.equal(ended("expects_too_much.yaml"), "failed");
      assert.equal(ended("cat_is_fed.yaml"), undefined, "it is about another workflow");
    });

    it("all run from the Test Explorer", async () => {
      const { rehearsals } = await api();
      await vscode.commands.executeCommand("testing.runAll");
      await eventually("all have ended", () => rehearsals()?.ended.get(file("tests/cat_is_fed.yaml").toString()) === "passed");
    });

    it("come and go with their files", async () => {
      const { rehearsals } = await api();
      const uri = file("tests/new.yaml");
      const known = (): boolean => rehearsals()?.controller.items.get(uri.toString()) !== undefined;
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("workflow: a.yaml\ninputs: {}\n"));
      await eventually("a case", known);
      await vscode.workspace.fs.delete(uri);
      await eventually("no case", () => !known());
    });

    it("tell failures where they are", async () => {
      const { rehearsals } = await api();
      const uri = file("tests/expects_too_much.yaml");
      const item = rehearsals()?.controller.items.get(uri.toString());
      assert.ok(item);
      const text = "workflow: a.yaml\nexpected_output: 1\n";
      const difference = { expected: "1", actual: "null" };
      const told = messageOf({ what: "expected_output", message: "no output", difference, place: undefined }, item, text);
      assert.deepEqual([told.location?.range.start.line, told.expectedOutput, told.actualOutput], [1, "1", "null"]);
      const place = { file: "/a.yaml", line: 3, column: 5 };
      const elsewhere = messageOf({ what: "unknown-key", message: "", difference: undefined, place }, item, text);
      assert.equal(elsewhere.location?.uri.path, "/a.yaml");
      assert.deepEqual([elsewhere.location.range.start.line, elsewhere.location.range.start.character], [2, 4]);
    });
  });
}
