import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, eventually, open, WORKFLOW } from "./common";

export function activation(): void {
  describe("activation", () => {
    it("starts the server with the Python that is chosen in the Python extension", async () => {
      await open(WORKFLOW);
      const { server, status } = await api();
      assert.equal(server.found?.origin, "the chosen Python");
      assert.ok(server.ready);
      await eventually("the packs are read", () => status.state === "ready");
      assert.match(status.detail, /^st2c \d+\.\d+/);
    });

    it("has every command that it promises", async () => {
      await api();
      const { contributes } = vscode.extensions.getExtension("st2lang.st2lang")?.packageJSON as {
        contributes: { commands: { command: string }[] };
      };
      const known = new Set(await vscode.commands.getCommands(true));
      assert.ok(contributes.commands.length > 4);
      assert.deepEqual(contributes.commands.filter(({ command }) => !known.has(command)), []);
    });
  });
}
