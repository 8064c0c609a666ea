/** What the language server is doing, in the status bar. */

import * as vscode from "vscode";

export type State = "starting" | "ready" | "missing" | "stopped";

const LOOKS: Record<State, { text: string; detail: string; severity: vscode.LanguageStatusSeverity }> = {
  starting: {
    text: "st2lang",
    detail: "the language server is starting",
    severity: vscode.LanguageStatusSeverity.Information,
  },
  ready: {
    text: "st2lang",
    detail: "",
    severity: vscode.LanguageStatusSeverity.Information,
  },
  missing: {
    text: "st2lang is missing",
    detail: "install it with `pip install st2lang`",
    severity: vscode.LanguageStatusSeverity.Error,
  },
  stopped: {
    text: "st2lang has stopped",
    detail: "the output tells why",
    severity: vscode.LanguageStatusSeverity.Error,
  },
};

/** The status item of YAML files. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  state: State = "starting";

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem("st2lang", { language: "yaml" });
    this.item.name = "StackStorm workflows";
    this.show("starting");
  }

  /** Show a state; `detail` takes the place of its usual words. */
  show(state: State, detail?: string): void {
    const looks = LOOKS[state];
    this.state = state;
    this.item.text = looks.text;
    this.item.detail = detail ?? looks.detail;
    this.item.severity = looks.severity;
    this.item.busy = state === "starting";
    this.item.command =
      state === "missing" || state === "stopped"
        ? { command: "st2lang.restart", title: "Restart" }
        : { command: "st2lang.showOutput", title: "Output" };
  }

  dispose(): void {
    this.item.dispose();
  }
}
