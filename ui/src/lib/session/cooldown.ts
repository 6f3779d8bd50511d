import type { ActionView } from "../protocol";
import type { CardStatus, Trigger } from "./action-state";

/** Whether it is too early to run an action again. What failed may be tried again at once. */
export function isCoolingDown(
  { cooldown }: ActionView,
  endedAt: number | undefined,
  status: CardStatus,
  trigger: Trigger,
): boolean {
  const passed = status !== "failed" && status !== "skipped";
  if (endedAt === undefined || cooldown.kind === "none" || !passed) return false;
  if (cooldown.kind === "forever") return true;
  return trigger !== "catch-up" && Date.now() - endedAt < cooldown.millis;
}

/** When it may run again, in milliseconds since 1970; null when it never may. */
export function readyAt({ cooldown }: ActionView, endedAt: number | undefined): number | null {
  return cooldown.kind === "for" ? (endedAt ?? 0) + cooldown.millis : null;
}
