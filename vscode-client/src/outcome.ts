/** What `st2c run --format json` and `st2c test --format json` print. Knows nothing of VS Code. */

export interface TaskOutcome {
  readonly task: string;
  readonly status: string;
  readonly result: unknown;
  /** The line of the task in its file, from 1. */
  readonly line: number | undefined;
  /** Seconds that it took. */
  readonly seconds: number | undefined;
}

export interface Outcome {
  readonly status: string;
  readonly output: unknown;
  readonly errors: readonly string[];
  readonly tasks: readonly TaskOutcome[];
}

/** The outcome of a run; undefined when the text is something else. */
export function outcomeOf(printed: string): Outcome | undefined {
  const data = parsed(printed);
  if (!isObject(data) || typeof data["status"] !== "string") return undefined;
  return {
    status: data["status"],
    output: data["output"] ?? null,
    errors: objects(data["errors"]).map(words),
    tasks: objects(data["tasks"]).map((task) => ({
      task: text(task["task_id"]),
      status: text(task["status"]),
      result: task["result"] ?? null,
      line: number(task["line"]),
      seconds: seconds(task["start_timestamp"], task["end_timestamp"]),
    })),
  };
}

/** What the server answers to a run up to a task: the tasks that ran, and the one that was come to. */
export function reachedOf(answer: unknown): TaskOutcome[] {
  const result = isObject(answer) ? answer["result"] : undefined;
  if (!isObject(result)) return [];
  const one = (task: unknown, status: unknown, value: unknown): TaskOutcome => ({
    task: text(task),
    status: text(status),
    result: value ?? null,
    line: undefined,
    seconds: undefined,
  });
  const ended = objects(result["ran"]).filter((each) => each["status"] !== "canceled"); // those were under way
  const ran = ended.map((each) => one(each["task_id"], each["status"], each["result"]));
  return result["reached"] === true ? [...ran, one(result["task"], "reached", result["input"])] : ran;
}

/** Whether nothing is wrong with a task. */
export function isGood(status: string): boolean {
  return status === "succeeded" || status === "reached";
}

/** How each task has ended: of several runs of one task all that are not alike, the last one last. */
export function byTask(tasks: readonly TaskOutcome[]): Map<string, TaskOutcome[]> {
  const found = new Map<string, TaskOutcome[]>();
  for (const one of tasks) found.set(one.task, [...(found.get(one.task) ?? []), one]);
  return found;
}

/** What stands beside a task: how its runs have ended and how long they took. */
export function caption(runs: readonly TaskOutcome[]): string {
  const last = runs.at(-1);
  if (last === undefined) return "";
  const times = runs.map((one) => one.seconds).filter((one) => one !== undefined);
  const sum = times.reduce((total, one) => total + one, 0);
  const mark = isGood(last.status) ? "✓" : "✗";
  const count = runs.length > 1 ? [`${runs.length} runs`] : [];
  return [`${mark} ${last.status}`, ...count, ...(times.length > 0 ? [duration(sum)] : [])].join(", ");
}

/** A run in one sentence. */
export function summary(name: string, outcome: Outcome): string {
  const failed = outcome.tasks.filter((task) => task.status !== "succeeded").map((task) => task.task);
  const where = failed.length > 0 ? ` (${[...new Set(failed)].join(", ")})` : "";
  const why = outcome.tasks.length === 0 && outcome.errors[0] !== undefined ? `: ${outcome.errors[0]}` : "";
  return `${name} ${outcome.status}${where}${why}`;
}

export interface Failure {
  /** The key of the case that it is about, or a check. */
  readonly what: string;
  readonly message: string;
  /** What was expected and what came, as text to compare; both or neither. */
  readonly difference: { readonly expected: string; readonly actual: string } | undefined;
  /** Where it is, lines and columns from 1, when it is a problem of a file. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

export interface CaseOutcome {
  readonly file: string;
  readonly passed: boolean;
  readonly failures: readonly Failure[];
}

/** The cases of a test run; undefined when the text is something else. */
export function casesOf(printed: string): CaseOutcome[] | undefined {
  const data = parsed(printed);
  if (!isObject(data) || !Array.isArray(data["cases"])) return undefined;
  return objects(data["cases"]).map((one) => ({
    file: text(one["file"]),
    passed: one["passed"] === true,
    failures: objects(one["failures"]).map(failure),
  }));
}

function failure(data: Record<string, unknown>): Failure {
  const { expected, actual, file, line, column } = data;
  const place = { file: text(file), line: number(line) ?? 1, column: number(column) ?? 1 };
  return {
    what: text(data["what"]),
    message: words(data),
    difference: "expected" in data ? { expected: pretty(expected), actual: pretty(actual) } : undefined,
    place: place.file === "" ? undefined : place,
  };
}

function pretty(value: unknown): string {
  return JSON.stringify(value ?? null, undefined, 2);
}

function seconds(start: unknown, end: unknown): number | undefined {
  const took = Date.parse(text(end)) - Date.parse(text(start));
  return Number.isNaN(took) ? undefined : took / 1_000;
}

function duration(seconds: number): string {
  return seconds < 0.1 ? `${Math.round(seconds * 1_000)} ms` : `${seconds.toFixed(1)} s`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function words(data: Record<string, unknown>): string {
  return text(data["message"]) || JSON.stringify(data);
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
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
