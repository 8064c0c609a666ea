/** What `st2c run --format json` and `st2c test --format json` print. Knows nothing of VS Code. */

export interface TaskOutcome {
  readonly task: string;
  readonly status: string;
  readonly result?: unknown;
  /** The line of the task in its file, from 1. */
  readonly line?: number | undefined;
}

export interface Outcome {
  readonly status: string;
  readonly output: unknown;
  readonly tasks: readonly TaskOutcome[];
}

/** The outcome of a run; undefined when the text is something else. */
export function outcomeOf(printed: string): Outcome | undefined {
  const data = parsed(printed);
  if (!isObject(data) || typeof data["status"] !== "string") return undefined;
  const tasks = Array.isArray(data["tasks"]) ? data["tasks"].filter(isObject) : [];
  return {
    status: data["status"],
    output: data["output"] ?? null,
    tasks: tasks.map((task) => ({
      task: text(task["task"] ?? task["name"]),
      status: text(task["status"]),
      result: task["result"],
      line: typeof task["line"] === "number" ? task["line"] : undefined,
    })),
  };
}

/** A run in one sentence. */
export function summary(name: string, outcome: Outcome): string {
  const failed = outcome.tasks.filter((task) => task.status !== "succeeded").map((task) => task.task);
  const where = failed.length > 0 ? ` (${[...new Set(failed)].join(", ")})` : "";
  return `${name}: ${outcome.status}${where}`;
}

export interface CaseOutcome {
  readonly file: string;
  readonly passed: boolean;
  readonly failures: readonly string[];
}

/** The cases of a test run; undefined when the text is something else. */
export function casesOf(printed: string): CaseOutcome[] | undefined {
  const data = parsed(printed);
  if (!isObject(data) || !Array.isArray(data["cases"])) return undefined;
  return data["cases"].filter(isObject).map((one) => ({
    file: text(one["file"]),
    passed: one["passed"] === true,
    failures: Array.isArray(one["failures"]) ? one["failures"].map(words) : [],
  }));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function words(failure: unknown): string {
  if (typeof failure === "string") return failure;
  if (isObject(failure) && typeof failure["message"] === "string") return failure["message"];
  return JSON.stringify(failure);
}

function parsed(printed: string): unknown {
  try {
    return JSON.parse(printed) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
