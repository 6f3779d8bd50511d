/** The session's own pages, and nothing else, are shown inside the window. */
export function isLocalAddress(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    const local = hostname === "localhost" || hostname === "127.0.0.1" || hostname.endsWith(".localhost");
    return protocol === "http:" && local;
  } catch {
    return false;
  }
}
