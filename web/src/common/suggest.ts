// Matches under a search field while one types. data-suggest is an address of ours that answers
// JSON { results: [{ label, detail, href }] } to ?q=; Enter without a choice searches as ever.
import { ownPath, paused } from "common/dom";

type Match = { label?: string; detail?: string; href?: string };

export function suggest(input: HTMLInputElement): void {
  const path = ownPath(input.dataset["suggest"]);
  if (!path || !input.parentElement) return;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = input.id + "-matches";
  list.hidden = true;
  input.parentElement.append(list);
  let asked = 0;

  const show = (matches: Match[]): void => {
    list.replaceChildren();
    for (const m of matches.slice(0, 8)) {
      const href = ownPath(m.href);
      if (!href) continue;
      const a = document.createElement("a");
      a.href = href;
      a.textContent = m.label ?? "";
      if (m.detail) {
        const small = document.createElement("small");
        small.textContent = m.detail;
        a.append(small);
      }
      const li = document.createElement("li");
      li.append(a);
      list.append(li);
    }
    list.hidden = list.childElementCount === 0;
  };
  const ask = paused(180, async () => {
    const q = input.value.trim();
    if (q.length < 2) return show([]);
    const mine = ++asked;
    try {
      const answer = await fetch(path + (path.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(q), { headers: { Accept: "application/json" } });
      const found = answer.ok ? ((await answer.json()) as { results?: Match[] }) : {};
      if (mine === asked) show(found.results ?? []);
    } catch {
      show([]);
    }
  });
  input.addEventListener("input", () => ask());
  // Up and down go from the field into the matches and back; Escape closes.
  input.parentElement.addEventListener("keydown", (e) => {
    if (e.key === "Escape") { list.hidden = true; input.focus(); return; }
    if ((e.key !== "ArrowDown" && e.key !== "ArrowUp") || list.hidden) return;
    const stops: HTMLElement[] = [input, ...list.querySelectorAll("a")];
    const now = stops.indexOf(document.activeElement as HTMLElement);
    stops[(now + (e.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length]?.focus();
    e.preventDefault();
  });
  document.addEventListener("click", (e) => { if (!input.parentElement?.contains(e.target as Node)) list.hidden = true; });
}
