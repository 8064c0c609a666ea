/** The script of the graph view's page: shows the drawing, marks tasks, tells what is clicked. */

import { isGood } from "../src/outcome";
import type { FromPage, Graph, PageState, TaskResult, ToPage } from "../src/graphPage";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  setState(state: PageState): void;
};

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.2;
const [SMALLEST, LARGEST] = [0.2, 4];

const editor = acquireVsCodeApi();
const stage = document.getElementById("graph") as HTMLElement;
const message = document.getElementById("message") as HTMLElement;
let results: readonly TaskResult[] = [];
let current: string | undefined;
/** The size of the drawing; undefined as long as it is to fit. */
let scale: number | undefined;

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  switch (event.data.kind) {
    case "graph":
      editor.setState({ uri: event.data.uri });
      draw(event.data.graph);
      break;
    case "cursor":
      current = event.data.task;
      markCurrent();
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

function draw(graph: Graph): void {
  const drawing = new DOMParser().parseFromString(graph.svg, "image/svg+xml").documentElement;
  for (const style of drawing.querySelectorAll("style")) style.remove(); // the page has its own, for themes
  stage.replaceChildren(document.importNode(drawing, true));
  message.hidden = true;
  for (const place of stage.querySelectorAll<SVGGElement>("[data-line]")) openable(place);
  for (const node of nodes()) markProblems(node, graph);
  markCurrent();
  markResults();
  size();
}

function nodes(): SVGGElement[] {
  return [...stage.querySelectorAll<SVGGElement>("[data-task]")];
}

function openable(place: SVGGElement): void {
  const open = (): void => {
    editor.postMessage({ kind: "open", line: Number(place.dataset["line"]) - 1 });
  };
  place.addEventListener("click", open);
  if (place.dataset["task"] === undefined) return;
  place.setAttribute("tabindex", "0");
  place.setAttribute("role", "button");
  place.setAttribute("aria-label", `Go to the task ${place.dataset["task"]}`);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") open();
  });
}

function markProblems(node: SVGGElement, graph: Graph): void {
  const found = graph.problems.filter((problem) => problem.task === node.dataset["task"]);
  if (found.length === 0) return;
  const severity = found.some((problem) => problem.severity === "error") ? "error" : "warning";
  node.classList.add(severity);
  const title = node.querySelector("title");
  const words = found.map((problem) => problem.message).join("\n");
  if (title !== null) title.textContent = `${title.textContent}\n\n${words}`;
  badge(node, severity, String(found.length), "right");
}

/** A small disc with a sign in it at a corner of a node. */
function badge(node: SVGGElement, kind: string, sign: string, side: "left" | "right"): void {
  const shape = node.querySelector<SVGGraphicsElement>(".shape") ?? node;
  const box = shape.getBBox();
  const group = document.createElementNS(SVG, "g");
  const disc = document.createElementNS(SVG, "circle");
  const text = document.createElementNS(SVG, "text");
  group.setAttribute("class", `badge ${kind}`);
  group.setAttribute("transform", `translate(${side === "left" ? box.x : box.x + box.width} ${box.y})`);
  disc.setAttribute("r", "8");
  text.setAttribute("y", "3.5");
  text.textContent = sign;
  group.append(disc, text);
  node.append(group);
}

function markCurrent(): void {
  for (const node of nodes()) {
    const here = node.dataset["task"] === current;
    if (here && !node.classList.contains("current")) node.scrollIntoView({ block: "nearest", inline: "nearest" });
    node.classList.toggle("current", here);
  }
}

function markResults(): void {
  const last = new Map(results.map((result) => [result.task, result.status]));
  for (const node of nodes()) {
    for (const old of node.querySelectorAll(".badge.good, .badge.bad")) old.remove();
    const status = last.get(node.dataset["task"] ?? "");
    if (status === undefined) {
      delete node.dataset["status"];
      continue;
    }
    node.dataset["status"] = isGood(status) ? "good" : "bad";
    badge(node, node.dataset["status"], isGood(status) ? "✓" : "✗", "left");
  }
}

function natural(): number {
  return Number(stage.querySelector("svg")?.getAttribute("width") ?? 0);
}

/** How large the drawing is when it fits: never larger than it is drawn, never too small to read. */
function fitting(): number {
  return Math.min(1, Math.max(0.6, stage.clientWidth / Math.max(1, natural())));
}

function size(): void {
  const drawing = stage.querySelector("svg");
  if (drawing === null) return;
  drawing.style.width = `${natural() * (scale ?? fitting())}px`;
  drawing.style.height = "auto";
}

function zoom(factor: number): void {
  scale = Math.min(LARGEST, Math.max(SMALLEST, (scale ?? fitting()) * factor));
  size();
}

document.getElementById("larger")?.addEventListener("click", () => {
  zoom(STEP);
});
document.getElementById("smaller")?.addEventListener("click", () => {
  zoom(1 / STEP);
});
document.getElementById("fit")?.addEventListener("click", () => {
  scale = undefined;
  size();
});
window.addEventListener("resize", size);
window.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP);
  },
  { passive: false },
);

editor.postMessage({ kind: "ready" });
