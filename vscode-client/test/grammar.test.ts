import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import * as oniguruma from "vscode-oniguruma";
import * as textmate from "vscode-textmate";

let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(await readFile(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () =>
      textmate.parseRawGrammar(
        await readFile(new URL("../syntaxes/expressions.injection.json", import.meta.url), "utf8"),
        "expressions.injection.json",
      ),
  });
  const loaded = await registry.loadGrammar("st2.expressions.injection");
  if (loaded === null) throw new Error("the grammar cannot be loaded");
  grammar = loaded;
});

/** The innermost scope of the token that is exactly this text. */
function scope(line: string, word: string): string | undefined {
  const { tokens } = grammar.tokenizeLine(line, textmate.INITIAL);
  const token = tokens.find((one) => line.slice(one.startIndex, one.endIndex).trim() === word);
  return token?.scopes.at(-1);
}

describe("colours inside expressions", () => {
  test.each([
    ["a: <% ctx().name %>", "<%", "punctuation.section.embedded.begin.yaql"],
    ["a: <% ctx().name %>", "ctx", "support.function.workflow.yaql"],
    ["a: <% ctx().name %>", "name", "variable.other.member.yaql"],
    ["a: <% $.a and 'x' %>", "and", "keyword.operator.word.yaql"],
    ["a: <% $.a and 'x' %>", "'x'", "string.quoted.single.expression"],
    ["a: '{{ ctx().a | to_json }}'", "to_json", "entity.name.function.filter.jinja"],
    ["{% if a %}b{% endif %}", "if", "keyword.control.jinja"],
    ["{# nothing #}", "nothing", "comment.block.jinja"],
    ["plain: true", "plain: true", "st2.expressions.injection"],
  ])("%s: %s", (line, word, expected) => {
    expect(scope(line, word)).toBe(expected);
  });
});
