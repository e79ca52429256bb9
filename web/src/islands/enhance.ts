// On every page: small comforts. Each page works without them.
import { enhanceForms } from "common/forms";
import { enhanceTables } from "common/tables";
import { suggest } from "common/suggest";

/** Light or dark: kept in a cookie, so that the server writes it into the next page. */
function themeChoice(box: HTMLElement): void {
  const root = document.documentElement;
  const buttons = [...box.querySelectorAll("button")];
  const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.value === (root.dataset["theme"] ?? "auto"))));
  for (const b of buttons)
    b.addEventListener("click", () => {
      root.dataset["theme"] = b.value;
      document.cookie = `theme=${b.value}; path=/; max-age=31536000; samesite=lax`;
      mark();
      document.dispatchEvent(new Event("themechange"));
    });
  mark();
  box.hidden = false;
}

/** data-copy: the id of what is copied; data-copied: what the button says then. */
function copyButton(b: HTMLButtonElement): void {
  b.hidden = false;
  b.addEventListener("click", () => {
    const from = document.getElementById(b.dataset["copy"] ?? "");
    const text = from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement ? from.value : (from?.textContent ?? "");
    void navigator.clipboard.writeText(text.trim()).then(() => { b.textContent = b.dataset["copied"] ?? b.textContent; });
  });
}

for (const box of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) themeChoice(box);
for (const b of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) copyButton(b);
for (const b of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  b.hidden = false;
  b.addEventListener("click", () => window.print());
}
for (const input of document.querySelectorAll<HTMLInputElement>("input[data-suggest]")) suggest(input);
enhanceForms();
enhanceTables();
document.querySelector<HTMLElement>(".error-summary")?.focus();
