import type { ProgramView } from "../../../lib/protocol";

/** Its author did not mean it to stand like this. */
export function hasFailed(program: ProgramView): boolean {
  return program.state === "fatal";
}

/** `running since 14:02, process 4711` */
export function stateText(program: ProgramView): string {
  const { state, since, pid } = program;
  const time = since === null ? "" : clock(since);
  switch (state) {
    case "stopped":
      if (since !== null) return `stopped at ${time}`;
      return program.autostart ? "not started" : "not started; the workshop or you start it";
    case "starting":
      return "starting…";
    case "running":
      return `running since ${time}, process ${pid ?? "?"}`;
    case "backoff":
      return "about to be tried again";
    case "stopping":
      return "stopping…";
    case "exited":
      return `ended at ${time}`;
    case "fatal":
      return `failed at ${time}`;
  }
}

function clock(since: number): string {
  return new Date(since).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
