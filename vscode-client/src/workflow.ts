/** Tells workflows and rehearsal files from other YAML by what stands at the start of their lines. */

/** Whether a text is an Orquesta workflow or an ActionChain. */
export function isWorkflow(languageId: string, text: string): boolean {
  return languageId === "yaml" && /^(tasks|chain)\s*:/m.test(text) && !isRehearsal(text);
}

/** Whether a text is a case that `st2c test` runs. */
export function isRehearsal(text: string): boolean {
  return rehearsed(text) !== undefined && /^(mock_action_executions|expected_\w+|inputs)\s*:/m.test(text);
}

/** The workflow that a case names. */
export function rehearsed(text: string): string | undefined {
  const found = /^workflow\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s#]+))/m.exec(text);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

/** Whether the path that a case names may mean this file. */
export function names(named: string, file: string): boolean {
  const parts = named.split("/").filter((part) => part !== "." && part !== "");
  while (parts[0] === "..") parts.shift();
  return `/${file.replaceAll("\\", "/")}`.endsWith(`/${parts.join("/")}`);
}

/** The line, from 0, of a key at the start of a line; 0 when there is none. */
export function lineOf(text: string, key: string): number {
  return Math.max(
    0,
    text.split("\n").findIndex((line) => line.startsWith(`${key}:`)),
  );
}
