// Follows long work: asks for its state and shows it; when the work has ended, the page is loaded anew.
//
// Markup: <div class="progress" data-job="/jobs/ID"> with a <progress> and a <p data-doing>. The address
// answers JSON with state, done, total and doing. Without script the page refreshes itself.
import { ownPath } from "common/dom";

type Job = { state?: string; done?: number; total?: number; doing?: string };

const running = new Set(["queued", "waiting", "running", "retry"]);

function show(el: HTMLElement, job: Job): void {
  const bar = el.querySelector("progress");
  if (bar && job.total && job.total > 0) {
    bar.max = job.total;
    bar.value = Math.min(job.done ?? 0, job.total);
  }
  const doing = el.querySelector("[data-doing]");
  if (doing && job.doing) doing.textContent = job.doing;
}

async function follow(el: HTMLElement, path: string): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 1.25, 5000)) {
    await new Promise((r) => setTimeout(r, wait));
    try {
      const answer = await fetch(path, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const job = (await answer.json()) as Job;
      show(el, job);
      if (job.state && !running.has(job.state)) return location.reload();
    } catch {
      wait = 5000; // the server may be restarting; the work goes on by itself
    }
  }
}

for (const el of document.querySelectorAll<HTMLElement>("[data-job]")) {
  const path = ownPath(el.dataset["job"]);
  if (path) void follow(el, path);
}
