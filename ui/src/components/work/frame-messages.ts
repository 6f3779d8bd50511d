import type { FrameMessage } from "../../lib/backend/backend";

/** Everything that a message may carry; the rest never reaches the engine. */
const KEYS = ["command", "session", "clear", "text", "name", "url", "focus", "src"];
const LONGEST = 64 * 1024;

/** What a page in a frame sent, cut down to what the engine reads; null for what it would not understand anyway. */
export function messageOf(sent: unknown): FrameMessage | null {
  if (!isRecord(sent)) return null;
  const { action } = sent;
  if (typeof action !== "string" || action.length > 64) return null;
  const given = isRecord(sent.data) ? sent.data : {};
  const data: FrameMessage["data"] = {};
  for (const key of KEYS) {
    const value = given[key];
    if (typeof value === "boolean" || typeof value === "number") data[key] = value;
    else if (typeof value === "string" && value.length <= LONGEST) data[key] = value;
  }
  return { action, data };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
