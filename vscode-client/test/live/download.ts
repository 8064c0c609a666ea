/**
 * Gets VS Code's server build: what `code-server` carries on npm, which needs no native builds.
 *
 * It is made once in a folder of its own and used from there afterwards.
 */

import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The release for Node.js 20; it carries VS Code 1.100.3. */
const RELEASE = "code-server@4.100.3";

/** Where VS Code is kept between runs. */
export function cacheFolder(): string {
  const caches = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return process.env["ST2C_VSCODE_CACHE"] ?? path.join(caches, "st2lang-vscode");
}

/** The folder of VS Code's server, downloaded when it is not there yet. */
export async function visualStudioCode(): Promise<string> {
  const cache = cacheFolder();
  const whole = path.join(cache, RELEASE);
  if (!(await exists(whole))) {
    await mkdir(cache, { recursive: true });
    const half = await mkdtemp(path.join(cache, "half-"));
    try {
      await make(half);
      await rename(path.join(half, "package", "lib", "vscode"), whole);
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
  return whole;
}

async function make(folder: string): Promise<void> {
  const { stdout } = await run("npm", ["pack", "--silent", RELEASE], { cwd: folder });
  await run("tar", ["xzf", stdout.trim()], { cwd: folder });
  const server = path.join(folder, "package", "lib", "vscode");
  await run("npm", ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], { cwd: server });
  await symlink("node_modules", path.join(server, "node_modules.asar"));
  const bin = path.join(server, "node_modules", "@vscode", "ripgrep", "bin");
  await mkdir(bin, { recursive: true });
  await symlink(await program("rg"), path.join(bin, "rg"));
}

/** The path of a program. */
export async function program(name: string): Promise<string> {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (await exists(file)) return file;
  }
  throw new Error(`${name} is not on the PATH`);
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
