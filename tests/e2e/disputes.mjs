// A dispute from the form, without script, to its mediator; what each of them sees of it.
import { journey } from "./lib.mjs";

const password = "Shanyraq-2025";

await journey("a specialist files a dispute on a phone, without script", async (t) => {
  const page = await t.page({ phone: true, script: false });
  await t.login(page, "branch", password);
  await page.goto(t.url("/disputes/new"));
  await page.locator("#place").fill("no such place");
  const place = await page.locator("#places option").nth(1).getAttribute("value");
  await page.locator("#kind").selectOption("water");
  await page.locator("#channel").selectOption("phone");
  await page.locator("#summary").fill("Суару кезегі туралы келіспеушілік");
  await page.locator("#party_1_name").fill("Бірінші Тарап");
  await page.locator("#party_2_name").fill("Екінші Тарап");
  await page.locator("button[name=more]").click();
  t.ok(await page.locator("#party_3_name").isVisible(), "a third side can be added");
  t.is(await page.locator("#summary").inputValue(), "Суару кезегі туралы келіспеушілік", "nothing typed is lost");
  t.ok((await page.locator(".field-error").count()) === 0, "and nothing is complained of");
  await page.locator("#summary").fill("");
  await page.locator("main form button.button:not([name])").click();
  t.ok(await page.locator("#summary-error").isVisible(), "what is missing is said at its field");
  t.ok(await page.locator("#place-error").isVisible(), "so is a place that there is not");
  t.is(await page.locator("#party_2_name").inputValue(), "Екінші Тарап", "what was typed is still there");
  await page.locator("#place").fill(place);
  await page.locator("#summary").fill("Суару кезегі туралы келіспеушілік");
  await page.locator("main form button.button:not([name])").click();
  await page.waitForURL(/\/disputes\/[0-9A-Z]{13}$/);
  t.ok(await page.getByText("Бірінші Тарап", { exact: true }).isVisible(), "the record can be read back");
  t.ok((await page.locator("ul.steps a").count()) === 0, "its steps belong to the clerk");
});

await journey("the clerk decides about it and assigns a mediator", async (t) => {
  const page = await t.page();
  await t.login(page, "clerk", password);
  await page.goto(t.url("/disputes?state=intake"));
  await t.accessible(page, "the register");
  await page.locator("tbody a").first().click();
  await page.waitForURL(/\/disputes\/[0-9A-Z]{13}$/);
  await t.accessible(page, "the record");
  const record = page.url();
  await page.locator("ul.steps a").first().click();
  await page.waitForURL(/triage$/);
  await t.accessible(page, "triage");
  for (const f of await page.locator("main form fieldset").all()) await f.locator("input[value=no]").check();
  await page.locator("main form fieldset").last().locator("input[value=yes]").check();
  await page.locator("main form .actions button").last().click();
  t.ok(await page.locator("button[name=confirm]").isVisible(), "an outcome is proposed, not taken");
  await page.locator("button[name=confirm]").click();
  await page.waitForURL(record);
  await page.locator('a[href$="/steps/assign"]').click();
  await t.accessible(page, "the assignment");
  await page.locator("main a.chip").last().click();
  t.is(await page.locator("main a.chip[aria-current]").count(), 1, "a language of the sides is chosen");
  const proposed = await page.locator("main table tbody td:first-child a").allInnerTexts();
  const choices = await page.locator("#mediator_id option").allInnerTexts();
  t.ok(proposed.length > 2 && proposed.every((name, i) => choices[i + 1].startsWith(name + ":")), "the choices stand in the order of the proposal");
  t.ok((await page.locator("main table tbody td:nth-child(5)").allInnerTexts()).every((d) => /\d/.test(d)), "each with the distance");
  await page.locator("#mediator_id").selectOption({ index: 1 });
  for (const tie of ["kin", "work", "help", "body", "state"]) await page.locator(`input[name=tie_${tie}][value=${tie === "work" ? "yes" : "no"}]`).check();
  await page.locator("main form button.button").first().click();
  await page.waitForURL(record);
  t.ok((await page.locator("dl.facts a[href^='/mediators/']").count()) === 0, "a mediator with a tie is not assigned");
  await page.locator('a[href$="/steps/assign"]').click();
  t.is(await page.locator("section li a[href^='/mediators/']").innerText(), proposed[0], "but stands aside with the reason");
  t.ok(!(await page.locator("#mediator_id option").allInnerTexts()).some((c) => c.startsWith(proposed[0] + ":")), "and cannot be chosen");
  await page.locator("#mediator_id").selectOption({ index: 1 });
  for (const tie of ["kin", "work", "help", "body", "state"]) await page.locator(`input[name=tie_${tie}][value=no]`).check();
  await page.locator("main form button.button").first().click();
  await page.waitForURL(record);
  t.ok((await page.locator("dl.facts a[href^='/mediators/']").count()) === 1, "one without is");

  const filer = await t.page();
  await t.login(filer, "branch", password);
  t.is((await filer.goto(record)).status(), 404, "who filed it does not know of it any more");
  const partner = await t.page();
  await t.login(partner, "akimat", password);
  t.is((await partner.goto(record)).status(), 403, "a partner may open no case");
  t.is((await partner.goto(t.url("/disputes/statistics"))).status(), 200, "but the statistics");
  await t.accessible(partner, "the statistics");
});

await journey("pages of disputes fit a phone, in the dark too", async (t) => {
  const page = await t.page({ phone: true, dark: true, lang: "ru" });
  await t.login(page, "clerk", password);
  for (const path of ["/disputes", "/disputes/new", "/disputes/rules", "/disputes/statistics", "/mediators"]) {
    await page.goto(t.url(path));
    await t.fits(page, path);
    await t.accessible(page, path);
  }
});
