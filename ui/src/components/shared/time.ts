/** `412 ms`, `2.1 s`, `3 min 20 s`. Whole seconds where a clock ticks. */
export function duration(millis: number, whole = false): string {
  if (whole) return millis < 60_000 ? `${Math.floor(millis / 1000)} s` : duration(millis);
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`;
  const minutes = Math.floor(millis / 60_000);
  const seconds = Math.floor((millis % 60_000) / 1000);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}

/** `12 minutes`, `1 h 20 min`: time spent, not measured. */
export function timeSpent(millis: number): string {
  const minutes = Math.max(Math.round(millis / 60_000), 1);
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `today`, `yesterday`, `5 days ago`. */
export function daysAgo(then: number, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(then)) / 86_400_000);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-days, "day");
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** `30m` and `1h` as authors write them, as people say them. */
export function authoredDuration(text: string): string {
  return text
    .replace(/(\d+)\s*h(?![a-z])\s*/i, "$1 h ")
    .replace(/(\d+)\s*m(in)?\b/, "$1 min")
    .trim();
}
