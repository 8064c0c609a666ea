/** What the language server is doing, in the status bar. */

import * as vscode from "vscode";

export type State = "starting" | "reading" | "ready" | "missing" | "stopped";

interface Looks {
  readonly text: string;
  readonly detail: string;
  readonly severity: vscode.LanguageStatusSeverity;
}

const { Information, Error: Wrong } = vscode.LanguageStatusSeverity;
const LOOKS: Record<State, Looks> = {
  starting: { text: "st2lang", detail: "the language server is starting", severity: Information },
  reading: { text: "st2lang", detail: "reading the packs", severity: Information },
  ready: { text: "st2lang", detail: "", severity: Information },
  missing: { text: "st2lang is missing", detail: "pip install st2lang", severity: Wrong },
  stopped: { text: "st2lang has stopped", detail: "its output tells why", severity: Wrong },
};

/** The status item of YAML files. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private version = "";
  state: State = "starting";

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem("st2lang", { language: "yaml" });
    this.item.name = "StackStorm workflows";
    this.show("starting");
  }

  /** What the item says beside its name. */
  get detail(): string {
    return this.item.detail ?? "";
  }

  /** The server runs, and is of this version. */
  ready(version: string): void {
    this.version = version;
    this.show("ready", version);
  }

  /** The packs are being read: which one, and how far (percent). */
  reading(pack: string | undefined, percentage: number | undefined): void {
    const far = percentage === undefined ? "" : `, ${percentage} %`;
    this.show("reading", `reading ${pack ?? "the packs"}${far}`);
  }

  /** The packs have been read. */
  read(): void {
    if (this.state === "reading") this.show("ready", this.version);
  }

  /** Show a state; `detail` takes the place of its usual words. */
  show(state: State, detail?: string): void {
    const looks = LOOKS[state];
    this.state = state;
    this.item.text = looks.text;
    this.item.detail = detail ?? looks.detail;
    this.item.severity = looks.severity;
    this.item.busy = state === "starting" || state === "reading";
    this.item.command = looks.severity === Wrong
        ? { command: "st2lang.restart", title: "Restart" }
        : { command: "st2lang.showOutput", title: "Output" };
  }

  dispose(): void {
    this.item.dispose();
  }
}
