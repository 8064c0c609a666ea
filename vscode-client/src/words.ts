/** Splits what somebody has typed into arguments. Knows nothing of VS Code. */

/** Words as a shell would split them: quotes keep spaces together. */
export function* split(text: string): Generator<string> {
  for (const match of text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)) {
    yield match[0].replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? "");
  }
}
