// A proposal from its first word to the answer, by three people; a visit; the first screens. Without script where
// forms allow. Needs a server with the demonstration at SHANYRAQ_URL.
import { journey, serverToday } from "./lib.mjs";

const PASSWORD = "Shanyraq-2025";
const title = `Мектеп жолы қараңғы (${Date.now().toString(36)})`;
const today = await serverToday();
let address = ""; // of the proposal that the first journey writes

await journey("the head writes and sends a proposal without script", async (t) => {
  const page = await t.page({ script: false });
  await t.login(page, "head", PASSWORD);
  await page.goto(t.url("/proposals/new?lang=en"));
  await page.selectOption("#place", { label: "Sayram District" });
  await page.getByRole("button", { name: "Choose the place" }).click();
  await page.fill("#problem", title);
  await page.locator('input[name="evidence"]').first().check();
  const figure = (await page.locator("label.choice:has(input[name=evidence])").first().innerText()).trim();
  await page.getByRole("button", { name: "Keep the draft" }).click();
  t.ok(await page.locator(".error-summary").isVisible(), "what is missing is said, not kept");
  t.is(await page.inputValue("#problem"), title, "what was typed stays");
  t.ok(await page.locator('input[name="evidence"]').first().isChecked(), "and what was picked");
  await page.fill("#text", "Жол бойына жарық орнату.");
  await page.selectOption("#addressee", { label: "Regional akimat" });
  await page.getByRole("button", { name: "Keep the draft" }).click();
  await page.waitForURL(/\/proposals\/[0-9A-Z]{13}$/);
  address = new URL(page.url()).pathname;
  t.ok((await page.locator("main").innerText()).includes(figure), "the figure stands on the record as it read");
  await page.getByRole("button", { name: "Agree the text" }).click();
  const term = page.getByText(/the answer is due on/);
  const before = await term.innerText();
  await page.fill("#sent_on_ask", new Date(Date.parse(today) - 86400000).toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Show the term" }).click();
  t.ok((await term.innerText()) !== before, "the term of another day is shown before sending");
  await page.goto(t.url(address));
  await page.getByRole("button", { name: /^Send on/ }).click();
  t.ok(await page.getByText("Answer due on", { exact: false }).first().isVisible(), "the clock stands in the header");
  t.is(await page.locator(".status").first().innerText(), "sent", "the proposal is sent");
});

await journey("the akimat answers what is addressed to it; nobody else's partner sees it", async (t) => {
  const page = await t.page({ phone: true });
  await t.login(page, "akimat", PASSWORD);
  await page.goto(t.url("/?lang=en"));
  t.ok(await page.getByText(title).isVisible(), "the proposal waits on the first screen");
  await t.accessible(page, "the partner's first screen");
  await t.fits(page, "the partner's first screen");
  await page.goto(t.url(address));
  await page.getByRole("button", { name: "Register the receipt" }).click();
  await page.getByText("Record the answer").first().click();
  await page.fill("#text", "Жарық жыл соңына дейін орнатылады.");
  await page.locator('input[name="decision"][value="accepted"]').check();
  await page.locator('form[action$="/replies"] button').click();
  t.is(await page.locator(".status").first().innerText(), "accepted", "the answer is on the record");
  await t.accessible(page, "the record");
  await t.fits(page, "the record on a phone");
  const other = await t.page();
  await t.login(other, "prosecutor", PASSWORD);
  const answer = await other.goto(t.url(address));
  t.is(answer.status(), 404, "another partner does not learn that it exists");
  await other.goto(t.url("/proposals"));
  t.ok(!(await other.locator("main").innerText()).includes(title), "nor from the list");
});

await journey("a change from an old page is refused and keeps what was typed", async (t) => {
  const page = await t.page();
  await t.login(page, "head", PASSWORD);
  await page.goto(t.url("/proposals?state=draft&lang=en"));
  await page.locator("tbody a").first().click();
  await page.getByRole("link", { name: "Change the draft" }).click();
  const path = page.url();
  const second = await page.context().newPage();
  await second.goto(path);
  await second.fill("#effect", `Second ${Date.now()}`);
  await second.getByRole("button", { name: "Keep the draft" }).click();
  await page.fill("#effect", "Typed on the old page");
  const [response] = await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), page.getByRole("button", { name: "Keep the draft" }).click()]);
  t.is(response.status(), 409, "the old page is refused");
  t.is(await page.inputValue("#effect"), "Typed on the old page", "what was typed is kept");
  await t.accessible(page, "the form with its conflict");
});

await journey("lists, letter and export", async (t) => {
  const page = await t.page();
  await t.login(page, "head", PASSWORD);
  await page.goto(t.url("/proposals?lang=kk"));
  await t.accessible(page, "the register of proposals");
  for (const [link, name] of [["XLSX", /^proposals-.*\.xlsx$/], ["CSV", /^proposals-.*\.csv$/]]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
    t.ok(name.test(file.suggestedFilename()), `the list is given as ${link}`);
  }
  const json = await page.request.get(t.url(address), { headers: { Accept: "application/json" } });
  const record = await json.json();
  t.is(record.proposal.problem, title, "the record answers as JSON");
  const letter = await page.request.get(t.url(`${address}/letter?as=pdf&in=ru`));
  t.ok((await letter.body()).subarray(0, 5).toString() === "%PDF-", "the letter is a PDF");
  await page.goto(t.url("/plan"));
  await t.accessible(page, "the plan");
  await page.goto(t.url("/visits"));
  await t.accessible(page, "the list of visits");
});

await journey("a specialist plans and records a visit on a phone, without script", async (t) => {
  const page = await t.page({ phone: true, script: false });
  await t.login(page, "branch", PASSWORD);
  await page.goto(t.url("/visits/new?lang=en"));
  await page.selectOption("#unit", { label: "Sayram District" });
  await page.getByRole("button", { name: "Show settlements" }).click();
  await page.selectOption("#place", { index: 1 });
  await page.getByRole("button", { name: "Choose the place" }).click();
  const purpose = `Meeting ${Date.now().toString(36)}`;
  await page.fill("#on_date", today);
  await page.fill("#purpose", purpose);
  await page.getByRole("button", { name: "Plan the visit" }).click();
  await page.waitForURL(/\/visits\/[0-9A-Z]{13}$/);
  await t.fits(page, "the visit on a phone");
  await page.fill("#summary", "The road was looked at.");
  await page.getByRole("button", { name: "It took place" }).click();
  t.is(await page.locator(".status").first().innerText(), "took place", "the visit is recorded");
});

await journey("the front page for everybody", async (t) => {
  for (const lang of ["kk", "ru", "en"]) {
    const page = await t.page({ phone: lang === "kk", dark: lang === "ru" });
    await page.goto(t.url(`/?lang=${lang}`));
    t.ok(await page.locator(".front h1").isVisible(), `the front page greets in ${lang}`);
    await t.accessible(page, `the front page in ${lang}`);
    await t.fits(page, `the front page in ${lang}`);
    await page.goto(t.url("/about/licences"));
    await t.accessible(page, `the licences in ${lang}`);
  }
});

await journey("a person decides about proposed places, without script", async (t) => {
  const page = await t.page({ script: false });
  await t.login(page, "head", "Shanyraq-2025");
  await page.goto(t.url("/plan?lang=en"));
  const accept = page.locator('form[action$="/accept"]'), open = await accept.count();
  t.ok(open > 1, "places wait for a decision");
  await page.locator("details:has(form[action$='/accept']) summary").first().click();
  await accept.first().locator('input[name="on_date"]').fill(today);
  await accept.first().locator('input[name="purpose"]').fill("Asked for by the close of the quarter");
  await accept.first().locator("button").click();
  t.ok(/\/visits\/[0-9A-Z]{13}$/.test(new URL(page.url()).pathname), "accepting plans a visit");
  await page.goto(t.url("/plan"));
  await page.locator("details:has(form[action$='/decline']) summary").first().click();
  const decline = page.locator('form[action$="/decline"]').first();
  await decline.locator('input[name="note"]').fill("The road is closed until spring.");
  await decline.locator("button").click();
  t.is(await accept.count(), open - 2, "both are decided");
  t.ok(await page.getByText("The road is closed until spring.").isVisible(), "the reason stands with the place");
});
