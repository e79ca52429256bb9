// Follows long work: asks for its state and shows it; when the work has ended, the page is loaded anew.
//
// Markup: <div class="progress" data-job="/jobs/ID"> with a <progress> and a <p data-doing>. The address
// answers JSON with a row `job` as the database has it. Without script the page refreshes itself.
import { ownPath } from "common/dom";

type Job = { state?: string; progress_done?: number; progress_total?: number; progress_text?: string };

const going = new Set(["waiting", "running"]);

function show(el: HTMLElement, job: Job): void {
  const bar = el.querySelector("progress");
  if (bar && job.progress_total && job.progress_total > 0) {
    bar.max = job.progress_total;
    bar.value = Math.min(job.progress_done ?? 0, job.progress_total);
  }
  const doing = el.querySelector("[data-doing]");
  if (doing && job.progress_text) doing.textContent = job.progress_text;
}

async function follow(el: HTMLElement, path: string): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 1.25, 5000)) {
    await new Promise((r) => setTimeout(r, wait));
    try {
      const answer = await fetch(path, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const job = ((await answer.json()) as { job?: Job }).job ?? {};
      show(el, job);
      if (job.state && !going.has(job.state)) return location.reload();
    } catch {
      wait = 5000; // the server may be restarting; the work goes on by itself
    }
  }
}

for (const el of document.querySelectorAll<HTMLElement>("[data-job]")) {
  const path = ownPath(el.dataset["job"]);
  if (path) void follow(el, path);
}
