/** A screen that takes the place of another one takes the focus too: who reads by ear hears its heading. */
export function takeFocus(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}
