/** Runs tests inside VS Code's extension host and prints what they print. */

import { format } from "node:util";
import * as path from "node:path";
import { CLIENT, type Session } from "./session";

/** When something hangs; a run takes a fifth of it. */
const PATIENCE_MS = 300_000;

/** Run a bundle of tests in a window; false when one of them fails. */
export async function inHost(session: Session, bundle: string, folder?: string): Promise<boolean> {
  const page = await session.page();
  const printed: string[] = [];
  const code = new Promise<number>((resolve, reject) => {
    setTimeout(() => {
      const last = printed.slice(-20).join("\n");
      reject(new Error(`no end of ${bundle} after ${PATIENCE_MS / 1_000} s; VS Code said last:\n${last}`));
    }, PATIENCE_MS).unref();
    const log = (_: string, args: unknown[]): void => {
      const line = format(...args);
      printed.push(line);
      if (/^ {2,}\S/.test(line)) console.log(line);
    };
    void page.exposeFunction("codeAutomationLog", log);
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  const extension = path.join(session.folder, "extensions", "st2lang.st2lang-0.1.0");
  await page.goto(
    session.url(folder, [
      ["extensionDevelopmentPath", session.remote(extension)],
      ["extensionTestsPath", session.remote(path.join(CLIENT, "build", `${bundle}.js`))],
    ]),
  );
  const passed = (await code) === 0;
  if (!passed) await page.screenshot({ path: path.join(CLIENT, "build", "shots", `failed-${bundle}.png`) });
  await page.close();
  return passed;
}
