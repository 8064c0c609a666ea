/** What the graph view and its page tell each other, and the page. Knows nothing of VS Code. */

/** What the server answers to `st2lang/graph`. Lines count from 0. */
export interface Graph {
  readonly svg: string;
  readonly tasks: readonly { readonly name: string; readonly line: number; readonly endLine: number }[];
  readonly problems: readonly { readonly task: string; readonly severity: string; readonly message: string }[];
}

/** How a task of the last run ended. */
export interface TaskResult {
  readonly task: string;
  readonly status: string;
}

/** What the page is told. */
export type ToPage =
  | { readonly kind: "graph"; readonly graph: Graph; readonly uri: string }
  | { readonly kind: "cursor"; readonly task: string | undefined }
  | { readonly kind: "results"; readonly results: readonly TaskResult[] }
  | { readonly kind: "message"; readonly text: string };

/** What the page tells: that it can draw; that a line, from 0, is to be shown. */
export type FromPage = { readonly kind: "ready" } | { readonly kind: "open"; readonly line: number };

/** What the page remembers when the window is loaded again. */
export interface PageState {
  readonly uri: string;
}

/** The addresses that the page may load from. */
export interface Addresses {
  readonly script: string;
  readonly style: string;
  /** The source of styles, for the policy. */
  readonly source: string;
}

/** The page: no network, one style sheet, one script that carries the nonce. */
export function page(addresses: Addresses, nonce: string): string {
  const policy = `default-src 'none'; style-src ${addresses.source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${addresses.style}">
<title>Graph</title>
</head>
<body>
<p id="message" role="status">Drawing…</p>
<main id="graph"></main>
<nav aria-label="Size">
<button id="smaller" title="Smaller">−</button>
<button id="fit" title="As wide as the view">Fit</button>
<button id="larger" title="Larger">+</button>
</nav>
<script nonce="${nonce}" src="${addresses.script}"></script>
</body>
</html>`;
}

/** The task that a line, from 0, is in. */
export function taskAt(graph: Graph, line: number): string | undefined {
  return graph.tasks.find((one) => one.line <= line && line <= one.endLine)?.name;
}
