/** VS Code's window as somebody uses it: keys, the mouse, and what is to be seen. */

import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { CLIENT } from "./session";

export const SHOTS = path.join(CLIENT, "build", "shots");
const PATIENCE_MS = 60_000;

export class Window {
  private shots = 0;

  constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE_MS);
  }

  /** Wait until an editor shows a text. */
  async editor(text: string): Promise<void> {
    await this.line(text).first().waitFor();
  }

  /** The lines of the editors that have a text in them. */
  line(text: string): Locator {
    return this.page.locator(".editor-instance .view-line", { hasText: spaced(text) });
  }

  /** Open a file of the workspace by its name. */
  async open(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.page.locator(".quick-input-widget input").fill(name);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
  }

  /** Choose a command by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Put the cursor behind the first occurrence of a text, by searching for it. */
  async after(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press("Control+Home");
    await this.page.keyboard.press("Control+F");
    const find = this.page.locator(".find-widget.visible .find-part textarea").first();
    await find.fill(text);
    await this.page.locator(".statusbar-item", { hasText: `(${text.length} selected)` }).waitFor();
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("ArrowRight");
  }

  async focusEditor(): Promise<void> {
    await this.page.keyboard.press("Control+1");
  }

  /** The page in the view of the graph. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready[src*="extensionId=st2lang"]').frameLocator("#active-frame");
  }

  /** Wait until something is so. */
  async until(what: string, look: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await look())) {
      if (Date.now() > end) throw new Error(`not in ${PATIENCE_MS / 1_000} s: ${what}`);
      await this.page.waitForTimeout(100);
    }
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast", { hasText: text });
  }

  async closeNotifications(): Promise<void> {
    await this.command("Notifications: Clear All Notifications");
    await this.page.locator(".notification-toast").first().waitFor({ state: "detached" });
  }

  /** Keep a picture of the window. */
  async shot(name: string): Promise<void> {
    await mkdir(SHOTS, { recursive: true });
    this.shots += 1;
    const number = String(this.shots).padStart(2, "0");
    await this.page.screenshot({ path: path.join(SHOTS, `${number}-${name}.png`) });
  }
}

/** Editors draw spaces as no-break spaces. */
function spaced(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "[ \\u00a0]"));
}
