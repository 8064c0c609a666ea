import type { Session } from "./session";

export async function journey(session: Session): Promise<boolean> {
  await (await session.page()).goto(session.url());
  return true;
}
