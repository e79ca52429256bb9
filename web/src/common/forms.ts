// Forms never lose a word: what is typed is kept in the browser's session until it has been sent, and
// leaving a page with unsent words asks first. A form is not sent twice by a double press.
import { paused } from "common/dom";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Kept = Record<string, string | boolean>;

const skipped = new Set(["password", "file", "hidden", "submit", "button", "reset"]);

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((e): e is Field =>
    (e instanceof HTMLInputElement && !skipped.has(e.type)) || e instanceof HTMLTextAreaElement || e instanceof HTMLSelectElement);
}

function nameOf(f: Field): string {
  return f instanceof HTMLInputElement && (f.type === "radio" || f.type === "checkbox") ? `${f.name}=${f.value}` : f.name;
}

function valueOf(f: Field): string | boolean {
  return f instanceof HTMLInputElement && (f.type === "radio" || f.type === "checkbox") ? f.checked : f.value;
}

function keep(form: HTMLFormElement, key: string): void {
  const said = form.querySelector<HTMLElement>("[data-saved]");
  const restore = (): void => {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Kept;
    let changed = false;
    for (const f of fields(form)) {
      const was = kept[nameOf(f)];
      if (was === undefined || was === valueOf(f)) continue;
      if (f instanceof HTMLInputElement && typeof was === "boolean") f.checked = was;
      else if (typeof was === "string") f.value = was;
      changed = true;
    }
    if (changed && said) said.textContent = said.dataset["restored"] ?? "";
  };
  const save = paused(300, () => {
    const kept: Kept = {};
    for (const f of fields(form)) if (f.name) kept[nameOf(f)] = valueOf(f);
    try {
      sessionStorage.setItem(key, JSON.stringify(kept));
      if (said) said.textContent = said.dataset["saved"] ?? "";
    } catch {
      /* the storage is full or forbidden: the form works as before */
    }
  });
  // A page that comes back with messages shows what was sent; otherwise the kept words return.
  if (!document.querySelector(".error-summary")) restore();
  form.addEventListener("input", save);
  form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
}

function warn(form: HTMLFormElement): void {
  let unsent = false;
  form.addEventListener("input", () => { unsent = true; });
  form.addEventListener("submit", () => { unsent = false; });
  window.addEventListener("beforeunload", (e) => { if (unsent) e.preventDefault(); });
}

/** What one person typed is not shown to the next at the same machine. */
function forgetOthers(): void {
  const who = document.body.dataset["account"] ?? "";
  const last = sessionStorage.getItem("account");
  if (who && last && who !== last) sessionStorage.clear();
  if (who) sessionStorage.setItem("account", who);
}

export function enhanceForms(): void {
  forgetOthers();
  // The words of a sent form go when a page without that form has come: then the server has them.
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector(`form[data-keep="${CSS.escape(sent.replace(/^keep:/, ""))}"]`)) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
  }
  for (const form of document.forms) {
    if (form.dataset["keep"]) keep(form, "keep:" + form.dataset["keep"]);
    if (form.dataset["warn"] !== undefined) warn(form);
    if (new URL(form.action, location.href).pathname === "/signout") form.addEventListener("submit", () => sessionStorage.clear());
    if (form.method !== "post") continue;
    let busy = false;
    form.addEventListener("submit", (e) => {
      if (busy) e.preventDefault();
      busy = true;
      setTimeout(() => { busy = false; }, 4000);
    });
  }
}
