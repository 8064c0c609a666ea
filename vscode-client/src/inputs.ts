/** What somebody types to give a workflow its inputs. Knows nothing of VS Code. */

/** Words as a shell would split them: quotes keep spaces together. */
export function* split(text: string): Generator<string> {
  for (const match of text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)) {
    yield match[0].replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? "");
  }
}

/** The first word that gives no input a value, for a message. */
export function wrongInput(text: string): string | undefined {
  return [...split(text)].find((word) => !/^@?[^=]+=/.test(word));
}
