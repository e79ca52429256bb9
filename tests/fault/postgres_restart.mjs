// PostgreSQL ends without warning and comes back, under a server that is being written to and works on a quarter: pages say
// so calmly and recover by themselves, whoever is signed in stays so, nothing acknowledged is lost, long work goes on.
// Beside tests/with-postgres and tests/with-demo --postgres; TAP.
import { execSync } from "node:child_process";
import { Client } from "../crawl/client.mjs";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const database = (what) => execSync(`${process.env.SHANYRAQ_TEST_PG_CTL} ${what}`, { cwd: "/", stdio: ["ignore", "ignore", "inherit"] });

let count = 0, failed = 0;
function ok(good, name, detail = "") {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name}`);
  if (!good) console.log(String(detail).slice(0, 2000).replace(/^/gm, "# "));
}

const clerk = new Client("clerk"), head = new Client("head");
ok((await clerk.signIn()) && (await head.signIn()), "clerk and head sign in");

/** Files a dispute; its address where the server said that it is filed. What was seen instead is counted. */
const seen = new Map();
const page = await clerk.ask("/disputes/new");
const place = /<option value="([^"]+)"><\/option>/.exec(page.text)[1];
let number = 0;
async function file() {
  const answer = await clerk
    .ask("/disputes/new", { method: "POST", form: {
      csrf: clerk.csrf, once: `restart-${process.pid}-${++number}`, place, occurred_on: "2025-09-20", kind: "water", channel: "phone",
      summary: `Restart ${number}`, resonance: "unknown", parties: 2, party_1_side: "first", party_1_name: "A", party_2_side: "second", party_2_name: "B" } })
    .catch((e) => ({ status: e.message, text: "" }));
  seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
  return answer.status === 303 ? answer.location : null;
}

const filed = [];
let writing = true;
const writer = (async () => {
  while (writing) {
    const at = await file();
    if (at) filed.push(at);
  }
})();

while (filed.length < 5 && !seen.get(422)) await sleep(50);
await head.ask("/quarter/2025-Q3");
const close = await head.ask("/quarter/2025-Q3/close", { method: "POST", form: { csrf: head.csrf, once: `close-${process.pid}` } });
ok(close.status === 303, "a quarter is being closed", close.status + close.text);
await sleep(250); // into the middle of it
database("-m immediate stop");

const down = await head.ask("/disputes?state=intake", { lang: "en" });
ok(down.status === 503 && /try again in a moment/.test(down.text) && down.headers.get("retry-after"), "without its database a page says calmly to try again", down.status + down.text);
ok(/What was saved is safe/.test(down.text) && !/socket|libpq|host=|connection to/.test(down.text), "in words for people, without the database's own", down.text);
const json = await head.ask("/disputes", { json: true });
ok(json.status === 503 && JSON.parse(json.text).error === "busy", "a program is told the same", json.text);
ok((await head.ask("/healthz")).status === 200, "the process itself lives");
ok((await head.ask("/readyz")).status === 503, "and says that it is not ready");
const before = filed.length;
await sleep(2000);
ok(filed.length === before, "nothing is acknowledged meanwhile", `${filed.length - before} were`);

database("start");
const back = Date.now();
let up = await head.ask("/disputes");
while (up.status !== 200 && Date.now() - back < 15000) {
  await sleep(100);
  up = await head.ask("/disputes");
}
ok(up.status === 200, "the page is there again by itself, and who was signed in still is", up.status + " " + up.location);
console.log(`# ${Date.now() - back} ms after the database was`);
while (filed.length < before + 5 && Date.now() - back < 30000) await sleep(100);
ok(filed.length >= before + 5, "filing goes on", JSON.stringify([...seen]));
database("-m fast restart");
const half = filed.length;
while (filed.length < half + 5 && Date.now() - back < 60000) await sleep(100);
ok(filed.length >= half + 5, "also after a restart in order", JSON.stringify([...seen]));
writing = false;
await writer;
ok([...seen.keys()].every((s) => s === 303 || s === 503), "every attempt was acknowledged or refused as busy", JSON.stringify([...seen]));

let lost = 0;
for (const at of filed) lost += (await clerk.ask(at)).status !== 200;
ok(lost === 0 && new Set(filed).size === filed.length, `all of the ${filed.length} acknowledged are there`, `${lost} lost`);

let quarter = {};
for (const until = Date.now() + 90000; quarter.state !== "closed" && Date.now() < until; await sleep(500)) {
  const answer = await head.ask("/quarter/2025-Q3", { json: true });
  if (answer.status === 200) quarter = JSON.parse(answer.text).run;
}
ok(quarter.state === "closed", "the quarter is closed in the end", JSON.stringify(quarter));
const admin = new Client("administrator");
await admin.signIn();
const audit = await admin.ask("/admin/audit?verify=1", { lang: "en" });
ok(audit.status === 200 && !/was changed|notice-danger/.test(audit.text), "the audit chain is unbroken", audit.text.slice(0, 3000));
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
