// One dispute from its filing to its performance: triage, mediator, the consent of both sides, contract, session,
// settlement, promises and their keeping, the end; who may do each step, and what the statistics say of it afterwards.
import { journey, serverToday } from "./lib.mjs";

const password = "Shanyraq-2025";
const summary = "Жайылым шекарасы туралы келіспеушілік, екі үй";
const happened = "2025-09-12"; // in the last quarter of the demonstration that its statistics show
const quarter = "2025-Q3";
const promises = ["Қоршауды межеге қайтару", "Суды кезекпен жіберу"];

const today = await serverToday();

/** What the statistics of everyday disputes say about the quarter. */
async function counted(t, page) {
  const answer = await page.request.get(t.url("/disputes/statistics?of=everyday"), { headers: { accept: "application/json" } });
  return (await answer.json()).periods.find((p) => p.period === quarter);
}

/** Takes a step through its page: opens it from the record, fills it in, sends it. */
async function step(t, page, record, link, fill = async () => {}) {
  await page.goto(record);
  await page.locator(link).first().click();
  await page.waitForURL(/\/steps\//);
  await fill();
  await page.locator("main form button.button").first().click();
  await page.waitForURL(record);
}

const may = async (page, record, action) => {
  await page.goto(record);
  return (await page.locator(`a[href$="/steps/${action}"]`).count()) > 0;
};

await journey("a dispute from its filing to its performance", async (t) => {
  const clerk = await t.page({ script: false });
  const mediator = await t.page({ script: false, phone: true });
  await t.login(clerk, "clerk", password);
  await t.login(mediator, "mediator", password);
  const before = await counted(t, clerk);
  t.ok(Number.isInteger(before.cases) && Number.isInteger(before.settled), "the statistics show the quarter before");

  await clerk.goto(t.url("/disputes/new"));
  await clerk.locator("#place").fill(await clerk.locator("#places option").nth(1).getAttribute("value"));
  await clerk.locator("#occurred_on").fill(happened);
  await clerk.locator("#kind").selectOption("water");
  await clerk.locator("#channel").selectOption("visit");
  await clerk.locator("#summary").fill(summary);
  await clerk.locator("#party_1_name").fill("Бірінші Тарап");
  await clerk.locator("#party_2_name").fill("Екінші Тарап");
  await clerk.locator("main form button.button:not([name])").click();
  await clerk.waitForURL(/\/disputes\/[0-9A-Z]{13}$/);
  const record = clerk.url();
  t.is((await mediator.goto(record)).status(), 404, "a mediator knows nothing of a case that is not theirs");

  await clerk.goto(record + "/triage");
  for (const f of await clerk.locator("main form fieldset").all()) await f.locator("input[value=no]").check();
  await clerk.locator("main form fieldset").last().locator("input[value=yes]").check();
  await clerk.locator("main form .actions button").last().click();
  await clerk.locator("button[name=confirm]").click();
  await clerk.waitForURL(record);

  await step(t, clerk, record, 'a[href$="/steps/assign"]', async () => {
    const own = clerk.locator("#mediator_id option", { hasText: "Медиатор 01" });
    await clerk.locator("#mediator_id").selectOption(await own.getAttribute("value"));
    for (const tie of ["kin", "work", "help", "body", "state"]) await clerk.locator(`input[name=tie_${tie}][value=no]`).check();
  });
  t.is((await mediator.goto(record)).status(), 200, "the one who is assigned does");
  t.ok(await mediator.getByText(summary).isVisible(), "and reads what happened");
  t.ok(!(await may(mediator, record, "contract")), "there is no contract before both sides agreed");

  await step(t, mediator, record, 'a[href*="/steps/consent?item=1"]', () => mediator.locator("#each").check());
  t.ok(!(await may(mediator, record, "contract")), "the consent of one side is not enough");
  await step(t, mediator, record, 'a[href*="/steps/consent?item=2"]', () => mediator.locator("#each").check());
  t.ok(!(await may(clerk, record, "contract")), "the clerk does not sign for the mediator");
  await step(t, mediator, record, 'a[href$="/steps/contract"]');
  t.ok((await mediator.locator(".clock, .muted", { hasText: /30/ }).count()) > 0, "the term of thirty days runs");
  t.ok(!(await may(mediator, record, "settle")), "there is no settlement without a session");
  await step(t, mediator, record, 'a[href$="/steps/session"]', async () => {
    await mediator.locator("input[name=session_kind][value=joint]").check();
    await mediator.locator("#minutes").fill("Тараптар бірге отырып келісті");
  });
  await step(t, mediator, record, 'a[href$="/steps/settle"]');
  for (const [i, text] of promises.entries())
    await step(t, mediator, record, 'a[href$="/steps/promise"]', async () => {
      await mediator.locator("#side").selectOption(i ? "second" : "first");
      await mediator.locator("#promise").fill(text);
      await mediator.locator("#promise_due").fill(today);
    });
  await step(t, mediator, record, 'a[href$="/steps/follow"]', () => mediator.locator("#note").fill("Екі уәде"));
  t.ok(!(await may(clerk, record, "close")), "the case is not closed while a promise is open");
  for (const text of promises) {
    t.ok(await mediator.getByText(text).isVisible(), "a promise stands on the record");
    await step(t, mediator, record, 'a[href*="/steps/done?item="]');
  }
  t.is(await mediator.locator('a[href*="/steps/done?item="]').count(), 0, "both promises are kept");
  await t.fits(mediator, "the record on a phone");
  await step(t, clerk, record, 'a[href$="/steps/close"]');
  t.is(await clerk.locator(".timeline").last().locator("li").count(), 14, "every step stands in its timeline");
  t.ok(!(await may(clerk, record, "note")), "and nothing more can be written");

  const after = await counted(t, clerk);
  t.is(after.cases, before.cases + 1, "the statistics count the dispute in the quarter when it happened");
  t.is(after.settled, before.settled + 1, "as one settled");
  t.is(after.not_settled, before.not_settled, "and not among the others");
  await clerk.goto(t.url("/disputes/statistics?of=everyday&lang=en"));
  const row = await clerk.locator("tbody tr", { hasText: "Quarter III of 2025" }).first().innerText();
  t.is(row.split(/\s*\t\s*/).slice(1, 4).join(" "), `${after.cases} ${after.settled} ${after.not_settled}`, "the page of the statistics says the same");

  const admin = await t.page();
  await t.login(admin, "administrator", password);
  const trail = await (await admin.request.get(t.url("/admin/audit?verify=1"), { headers: { accept: "application/json" } })).text();
  t.ok(trail.includes("dispute/" + record.split("/").pop()), "the audit chain names the case");
  t.ok(!trail.includes(summary), "and holds nothing of its content");
});
