/** The tests of a trusted workspace; VS Code calls `run`. */

import { activation } from "./activation";
import { assistance } from "./assistance";
import { commands } from "./commands";
import { graph } from "./graph";
import { language } from "./language";
import { rehearsals } from "./rehearsals";
import { runs } from "./runs";
import { serverLife } from "./serverLife";
import { snippets } from "./snippets";
import { runMocha } from "./mocha";

export function run(): Promise<void> {
  return runMocha(() => {
    activation();
    language();
    assistance();
    commands();
    graph();
    runs();
    rehearsals();
    snippets();
    serverLife();
  });
}
