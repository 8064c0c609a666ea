/** Tells workflows and rehearsal files from other YAML by what stands at the start of their lines. */

/** Whether a text is an Orquesta workflow or an ActionChain. */
export function isWorkflow(languageId: string, text: string): boolean {
  return languageId === "yaml" && /^(tasks|chain)\s*:/m.test(text) && !isRehearsal(text);
}

/** Whether a text is a case that `st2c test` runs. */
export function isRehearsal(text: string): boolean {
  return /^workflow\s*:/m.test(text) && /^(mock_action_executions|expected_\w+|inputs)\s*:/m.test(text);
}
