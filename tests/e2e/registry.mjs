// The registry as people use it: the institution's figures, search in three spellings, the tree on two days, a file of
// figures with an error and then corrected, a point chosen. Needs a running server with the demonstration (SHANYRAQ_URL).
import { journey } from "./lib.mjs";

const PASSWORD = "Shanyraq-2025";
const digits = (text) => text.replace(/[^\d]/g, "");

await journey("the institution and the tree", async (t) => {
  const p = await t.page({ lang: "en" });
  await t.login(p, "head", PASSWORD);
  await p.goto(t.url("/institution?date=2025-10-06&lang=en"));
  const figures = await p.locator("dl.figures dd").allInnerTexts();
  t.ok(figures[0].startsWith("104") && /45.*29.*30/.test(figures[0]), "104 posts: 45 in the region, 29 in branches, 30 for maintenance", figures[0]);
  t.ok(figures[1].startsWith("5") && figures[2].startsWith("9"), "five departments, nine branches");
  t.ok(figures[3].startsWith("19") && /11.*2.*5.*1/.test(figures[3]), "19 associations by level", figures[3]);
  t.ok(figures[4].startsWith("6"), "six structures");
  await t.accessible(p, "the institution's page");
  await p.goto(t.url("/territories?date=2018-01-01"));
  t.ok((await p.locator("h1").innerText()).includes("South Kazakhstan"), "in January 2018 the region is South Kazakhstan");
  t.is(await p.locator("tbody tr").count(), 15, "with 15 districts and cities");
  await t.accessible(p, "the tree");
  await p.goto(t.url("/territories?date=2022-01-01"));
  t.is(await p.locator("tbody tr").count(), 17, "in 2022 there are 17");
  await p.locator("tbody a", { hasText: "Sauran" }).click();
  t.ok(await p.getByText("split off from Kentau").isVisible(), "Sauran tells that it was split off from Kentau");
});

await journey("search in three spellings", async (t) => {
  const p = await t.page({ lang: "en" });
  await t.login(p, "head", PASSWORD);
  const found = [];
  for (const word of ["кентау", "Kentau", "КЕНТАУ"]) {
    await p.goto(t.url("/search?q=" + encodeURIComponent(word)));
    found.push((await p.locator("main section a").allInnerTexts()).join("|"));
  }
  t.ok(found[0].length > 0 && found[0] === found[1] && found[1] === found[2], "кентау, Kentau and КЕНТАУ find the same", found.join("\n"));
  await t.accessible(p, "the search page");
  await p.locator('input[type="search"]').first().fill("Туркест");
  await p.locator(".suggestions a").first().waitFor();
  t.ok((await p.locator(".suggestions a").count()) > 0, "matches come while one types");
});

await journey("a file with an error, then corrected", async (t) => {
  const p = await t.page({ lang: "en" });
  await t.login(p, "clerk", PASSWORD);
  const give = async (text) => {
    await p.goto(t.url("/import?lang=en"));
    await p.locator('input[type="file"]').setInputFiles({ name: "population.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await p.locator('input[name="source"]').fill("Letter of the journey");
    await Promise.all([p.waitForURL(/\/import\/[0-9A-Z]{13}/), p.locator("main form.form button").first().click()]);
  };
  await p.goto(t.url("/import?lang=en"));
  await t.accessible(p, "the start of the import");
  await give("kato;population;period\n611000000;201000;2025\n615200000;two;2025\n");
  const problem = await p.locator("tr.attention").innerText();
  t.ok(/3/.test(problem) && /population/.test(problem) && /two/.test(problem), "the error names line, column and what stands there", problem);
  await t.accessible(p, "the look at a file");
  await p.getByRole("button", { name: /Write 1 good row/ }).click();
  t.ok(await p.locator(".error-summary").isVisible(), "without saying so the good rows alone are not written");
  await p.getByRole("button", { name: "Put the file away" }).click();
  await p.waitForURL(/\/import$/);
  await give("kato;population;period\n611000000;201000;2025\n615200000;231000;2025\n");
  t.is(await p.locator("tr.attention").count(), 0, "the corrected file has no error");
  await p.getByRole("button", { name: "Write 2 rows" }).click();
  await p.waitForURL(/\/import$/);
  t.ok(/2 figures were written/.test(await p.locator("[role=status]").first().innerText()), "both figures are written");
  await p.goto(t.url("/sources?lang=en"));
  t.ok(await p.getByText("Letter of the journey").first().isVisible(), "their source is listed");
});

await journey("a point is chosen, without a script", async (t) => {
  const p = await t.page({ lang: "en", script: false });
  await t.login(p, "clerk", PASSWORD);
  await p.goto(t.url("/points?lang=en"));
  const before = Number(digits(await p.locator("p.count").innerText()));
  t.ok(before > 0, "settlements wait for their point");
  await p.locator("tbody a").first().click();
  await p.getByRole("button", { name: "Choose this point" }).click();
  t.ok(await p.locator(".error-summary").isVisible(), "without a choice nothing happens");
  await p.locator('input[name="choice"][value="1"]').check();
  await p.getByRole("button", { name: "Choose this point" }).click();
  await p.waitForURL(/\/points$/);
  t.is(Number(digits(await p.locator("p.count").innerText())), before - 1, "the queue is one shorter");
});

await journey("a branch's phone and address, and its specialist's districts", async (t) => {
  const p = await t.page({ lang: "en", script: false });
  await t.login(p, "branch", PASSWORD);
  const open = async (name) => {
    await p.goto(t.url("/organisations?kind=branch&lang=en"));
    await p.locator("tbody a", { hasText: name }).click();
  };
  await open("Branch in Keles");
  t.is(await p.getByText("Record phone and address").count(), 0, "a branch of another district is read only");
  await open("Branch in Sayram");
  t.is(await p.getByText("not entered yet").count(), 2, "what is not known is said calmly");
  await p.getByText("Record phone and address").click();
  const form = p.locator('form[action$="/contact"]');
  await form.locator('input[name="office_phone"]').fill("call me");
  await form.getByRole("button", { name: "Record" }).click();
  t.ok(await p.locator(".error-summary").isVisible(), "words are no phone number");
  await form.locator('input[name="office_phone"]').fill("+7 (72531) 0-00-00");
  await form.locator('input[name="address"]').fill("Abai street 1");
  await form.locator('input[name="on_date"]').fill("2020-01-01");
  await form.getByRole("button", { name: "Record" }).click();
  t.ok(await p.getByText("Phone and address are recorded.").isVisible(), "they are recorded");
  t.ok((await p.locator("dl.facts").innerText()).includes("Abai street 1"), "and shown");
  await p.goto(p.url() + "?date=2019-01-01");
  t.is(await p.getByText("not entered yet").count(), 2, "before their day they are not known");
});

await journey("the list under attention by districts", async (t) => {
  const p = await t.page({ lang: "en", script: false });
  await t.login(p, "head", PASSWORD);
  await p.goto(t.url("/attention?lang=en"));
  const places = p.locator(".list-columns > li");
  const all = await places.count();
  t.ok(all > 0 && Number(digits(await p.locator("p.count").innerText())) === all, "every settlement stands in its district");
  await p.locator('select[name="unit"]').selectOption({ index: 1 });
  await p.getByRole("button", { name: "Show" }).click();
  t.is(await p.locator("main h2").count(), 1, "one district can be asked for");
  t.ok((await places.count()) < all, "with its own settlements");
  await p.getByText("Take settlements off the list").click();
  t.ok((await p.locator('form[action$="/end"]').count()) > 0, "each can be taken off");
});

await journey("the registry on a phone", async (t) => {
  const p = await t.page({ lang: "kk", phone: true });
  await t.login(p, "clerk", PASSWORD);
  for (const path of ["/territories", "/organisations", "/institution", "/structures", "/attention", "/points", "/sources", "/import", "/search?q=кент"]) {
    await p.goto(t.url(path));
    await t.fits(p, path);
  }
});
