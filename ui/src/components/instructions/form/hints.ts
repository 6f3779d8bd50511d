import type { ControlView } from "../../../lib/protocol";

/** What may be typed, in a few words; null where there is nothing special about it. */
export function hintOf(control: ControlView): string | null {
  if (control.kind === "text") {
    switch (control.text) {
      case "date":
        return "A date, as 2026-11-22";
      case "time":
        return "A time, as 18:05";
      default:
        return lengths(control.minLength, control.maxLength);
    }
  }
  if (control.kind !== "number" || control.slider) return null;
  const { integer, min, max } = control;
  const what = integer ? "A whole number" : "A number";
  if (min !== null && max !== null) return `${what} from ${min} to ${max}`;
  if (min !== null) return `${what}, ${min} or more`;
  if (max !== null) return `${what}, ${max} or less`;
  return integer ? what : null;
}

function lengths(min: number | null, max: number | null): string | null {
  if (min !== null && max !== null) return `${min} to ${max} characters`;
  if (min !== null && min > 0) return `At least ${min} characters`;
  return max === null ? null : `Up to ${max} characters`;
}

/**
 * What is plainly wrong with a text, told early. The engine decides when the form is sent; what is empty is left to it.
 */
export function problemOf(control: ControlView, value: string): string | null {
  if (value === "") return null;
  if (control.kind === "text") {
    const length = [...value].length;
    if (control.minLength !== null && length < control.minLength)
      return `write at least ${control.minLength} characters`;
    if (control.text === "email" && !/^[^\s@]+@[^\s@]+$/.test(value))
      return "write an e-mail address, such as ada@example.org";
    if (control.text === "date" && !/^\d{4}-\d\d-\d\d$/.test(value)) return "write a date as 2026-11-22";
    if (control.text === "time" && !/^\d\d:\d\d(:\d\d)?$/.test(value)) return "write a time as 18:05";
    return null;
  }
  if (control.kind !== "number") return null;
  const { integer, min, max } = control;
  const number = Number(value.trim());
  if (value.trim() === "" || !Number.isFinite(number) || (integer && !Number.isInteger(number)))
    return integer ? "write a whole number" : "write a number";
  if (min !== null && number < min) return `write ${min} or more`;
  if (max !== null && number > max) return `write ${max} or less`;
  return null;
}
