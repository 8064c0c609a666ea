/** The script of the graph view's page: shows the drawing, marks tasks, tells what is clicked. */

import type { FromPage, Graph, TaskResult, ToPage } from "../src/graph";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const editor = acquireVsCodeApi();
const stage = document.getElementById("graph") as HTMLElement;
const message = document.getElementById("message") as HTMLElement;
let results: readonly TaskResult[] = [];
let current: string | undefined;

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  switch (event.data.kind) {
    case "graph":
      draw(event.data.graph);
      break;
    case "cursor":
      current = event.data.task;
      markCurrent(true);
      break;
    case "results":
      results = event.data.results;
      markResults();
      break;
    case "message":
      message.textContent = event.data.text;
      message.hidden = false;
      break;
  }
});

function nodes(): SVGElement[] {
  return [...stage.querySelectorAll<SVGElement>("[data-task]")];
}

function draw(graph: Graph): void {
  const drawing = new DOMParser().parseFromString(graph.svg, "image/svg+xml").documentElement;
  stage.replaceChildren(document.importNode(drawing, true));
  message.hidden = true;
  for (const node of nodes()) {
    const task = node.dataset["task"] ?? "";
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `Go to the task ${task}`);
    node.addEventListener("click", () => {
      editor.postMessage({ kind: "open", task });
    });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") editor.postMessage({ kind: "open", task });
    });
    const found = graph.problems.filter((problem) => problem.task === task);
    if (found.length > 0) {
      node.classList.add(found.some((problem) => problem.severity === "error") ? "error" : "warning");
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = found.map((problem) => problem.message).join("\n");
      node.append(title);
    }
  }
  markCurrent(false);
  markResults();
}

function markCurrent(scroll: boolean): void {
  for (const node of nodes()) {
    const here = node.dataset["task"] === current;
    node.classList.toggle("current", here);
    if (here && scroll) node.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "smooth" });
  }
}

function markResults(): void {
  const last = new Map(results.map((result) => [result.task, result.status]));
  for (const node of nodes()) {
    const status = last.get(node.dataset["task"] ?? "");
    if (status === undefined) delete node.dataset["status"];
    else node.dataset["status"] = status;
  }
}

editor.postMessage({ kind: "ready" });
