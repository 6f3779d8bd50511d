/// <reference types="svelte" />
/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** "1" in builds for window tests. */
  readonly VITE_E2E?: string;
  /** "1" builds a window that plays the scripted workshop without an engine. */
  readonly VITE_FAKE?: string;
}
