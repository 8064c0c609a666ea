/** Runs tests with Mocha inside the extension host. */

import Mocha from "mocha";

/** Run what `define` declares; fails when a test does. */
export function runMocha(define: () => void): Promise<void> {
  const mocha = new Mocha({ timeout: 100_000, slow: 10_000, color: false, reporter: "spec" });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  define();
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
    runner.on("fail", (test, error: Error) => {
      console.log(`    ✗ ${test.fullTitle()}: ${error.message}`);
    });
  });
}
