/** A person's journey through the window, with the extension installed from its .vsix. */

import * as assert from "node:assert/strict";
import { type Session } from "./session";
import { Window } from "./window";

const FILE = "actions/workflows/make_breakfast.yaml";

/** Do every step; the first that fails ends the journey with a picture. */
export async function journey(session: Session): Promise<boolean> {
  const page = await session.page();
  const window = new Window(page);
  const file = session.remote(`${session.workspace}/${FILE}`);
  await page.goto(session.url(undefined, [["openFile", file]]));
  const steps: [string, () => Promise<void>][] = [
    ["colours in an expression", () => colours(window)],
    ["a squiggle appears and goes", () => squiggle(window)],
    ["a completion is accepted", () => completion(window)],
    ["a rename", () => rename(window)],
    ["the graph follows, and a click goes to a task", () => graph(window)],
    ["a run with results on the tasks", () => run(window)],
    ["light and dark", () => themes(window, session)],
    ["rehearsals in the Test Explorer", () => rehearsals(window)],
    ["the server is missing", () => missing(window, session)],
  ];
  for (const [name, step] of steps) {
    const started = Date.now();
    try {
      await step();
    } catch (error) {
      console.error(`    ✗ ${name}`);
      await window.shot("failed");
      throw error;
    }
    console.log(`    ✔ ${name} (${Date.now() - started} ms)`);
  }
  return true;
}

async function colours(window: Window): Promise<void> {
  await window.editor("do: serve");
  const line = window.line("when: <% succeeded() %>").first();
  const colour = (text: string): Promise<string> =>
    line.locator("span > span", { hasText: text }).last().evaluate((element) => getComputedStyle(element).color);
  await window.until("the key, the delimiter and the function have colours of their own", async () => {
    return new Set([await colour("when"), await colour("<%"), await colour("succeeded")]).size === 3;
  });
  await window.shot("colours");
}

async function squiggle(window: Window): Promise<void> {
  await window.after("do: serve");
  await window.page.keyboard.type("x");
  await window.page.locator(".squiggly-error").first().waitFor();
  await window.shot("squiggle");
  await window.page.keyboard.press("Backspace");
  await window.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
}

async function completion(window: Window): Promise<void> {
  await window.after("do: serve");
  for (let count = 0; count < "serve".length; count += 1) await window.page.keyboard.press("Backspace");
  await window.page.keyboard.press("Control+Space");
  const choice = window.page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "toast_bread" });
  await choice.waitFor();
  await window.page.keyboard.type("to");
  await window.shot("completion");
  await window.page.keyboard.press("Enter");
  await window.editor("do: toast_bread");
  await window.page.keyboard.press("Escape");
  await window.command("File: Revert File");
  await window.line("do: toast_bread").waitFor({ state: "detached" });
}

async function rename(window: Window): Promise<void> {
  await window.after("  toast_bread");
  await window.page.keyboard.press("F2");
  const box = window.page.locator(".rename-box input");
  await box.waitFor();
  await box.fill("toast_everything");
  await window.shot("rename");
  await window.page.keyboard.press("Enter");
  await window.editor("toast_everything:");
  await window.page.keyboard.press("Control+Z");
  await window.editor("toast_bread:");
}

async function graph(window: Window): Promise<void> {
  await window.after("brew_coffee");
  await window.command("StackStorm: Show Graph");
  const view = window.webview();
  await view.locator('[data-task="brew_coffee"].current').waitFor();
  await view.locator('[data-task="open_window"]').click();
  await window.page.locator(".statusbar-item", { hasText: "Ln 56," }).waitFor();
  await view.locator('[data-task="open_window"].current').waitFor();
  await window.shot("graph");
  await window.after("do: serve");
  await window.page.keyboard.type("x");
  await view.locator('[data-task="brew_coffee"].error .badge').waitFor();
  await window.shot("graph-problem");
  await window.page.keyboard.press("Backspace");
  await view.locator('[data-task="brew_coffee"].error').waitFor({ state: "detached" });
}

async function run(window: Window): Promise<void> {
  await window.command("StackStorm: Run Workflow");
  const box = window.page.locator(".quick-input-widget input");
  await window.page.locator(".quick-input-widget", { hasText: "Inputs as name=value" }).waitFor();
  await box.fill("guests=Ada,Grace,Linus");
  await window.page.keyboard.press("Enter");
  await window.notification("make_breakfast.yaml succeeded").waitFor();
  await window.webview().locator('[data-task="serve"][data-status="good"] .badge.good').waitFor();
  const beside = await window.page.evaluate(() =>
    [...document.querySelectorAll(".view-line span")].map((element) => getComputedStyle(element, "::after").content),
  );
  assert.ok(beside.some((text) => text.includes("✓ succeeded")), "results stand beside the tasks");
  await window.shot("run");
}

async function themes(window: Window, session: Session): Promise<void> {
  await window.command("View: Close Primary Side Bar");
  await window.closeNotifications();
  await window.shot("light");
  await session.settings({ "workbench.colorTheme": "Default Dark Modern" });
  await window.page.locator(".monaco-workbench.vs-dark").waitFor();
  await window.shot("dark");
  await session.settings({ "workbench.colorTheme": "Default High Contrast" });
  await window.page.locator(".monaco-workbench.hc-black").waitFor();
  await window.shot("high-contrast");
  await session.settings({});
  await window.page.locator(".monaco-workbench.vs").waitFor();
}

async function rehearsals(window: Window): Promise<void> {
  await window.command("Testing: Focus on Test Explorer View");
  const failing = window.page.locator(".test-explorer .monaco-list-row", { hasText: "expects_too_much.yaml" });
  await failing.waitFor();
  await window.command("Test: Run All Tests");
  await failing.locator(".codicon-testing-failed-icon, .testing-icon-failed, .codicon-testing-error-icon").first().waitFor();
  await window.shot("rehearsals");
}

async function missing(window: Window, session: Session): Promise<void> {
  await session.settings({ "st2lang.server.python": "/nowhere/python" });
  const told = window.notification("language server does not start");
  await told.waitFor();
  await window.shot("missing");
  await told.locator(".monaco-button", { hasText: "How to Install" }).click();
  await window.page.locator(".getting-started-step", { hasText: "Install st2lang" }).first().waitFor();
  await window.shot("walkthrough");
  await session.settings({});
  await window.webview().locator("#message").waitFor({ state: "hidden" });
}
