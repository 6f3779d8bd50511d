import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauri = { group: ["@tauri-apps/*"], message: "Only lib/backend/tauri.ts talks to the shell." };
const components = { group: ["**/components/**"], message: "State must not know pixels." };

export default ts.config(
  { ignores: ["dist/", "src/lib/protocol/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "no-undef": "off",
      "no-restricted-imports": ["error", { patterns: [tauri] }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
      "svelte/require-each-key": "error",
      // Maps that nothing renders from need no signals.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["src/lib/**"],
    ignores: ["src/lib/backend/tauri.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri, components] }] },
  },
  {
    files: ["src/lib/backend/tauri.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [components] }] },
  },
);
