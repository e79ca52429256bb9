// Walks the whole running demonstration as every role. Checked:
//   - every address that a page leads to opens for the person who sees the link, in three languages and as JSON;
//   - every route of /openapi.json answers every role as /admin/permissions says, and never with a fault;
//   - a form without its token is refused, one with nonsense is answered in order;
//   - every answer carries the content security policy.
// Beside a server: tests/with-demo node tests/crawl/crawl.mjs. TAP.
import { Client, forms, links, words } from "./client.mjs";

const ROLES = ["head", "clerk", "mediator", "branch", "researcher", "interviewer", "press", "member", "akimat", "prosecutor", "secretariat", "administrator"];
const LANGS = ["kk", "ru", "en"];
const A_KIND = Number(process.env.CRAWL_PER_KIND ?? 5); // pages of one kind that one role looks at
const NO_ID = "0000000000000";

let count = 0, failed = 0;
/** One line of TAP for a list of complaints. */
function holds(name, faults) {
  count++;
  const list = [...new Set(faults)];
  if (list.length) failed++;
  console.log(`${list.length ? "not ok" : "ok"} ${count} - ${name}`);
  for (const f of list.slice(0, 25)) console.log("#   " + f);
  if (list.length > 25) console.log(`#   and ${list.length - 25} more`);
}

async function inTurns(items, f, width = 4) {
  const queue = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let x; (x = queue.shift()) !== undefined; ) await f(x);
  }));
}

// --- what the program says about itself
const anybody = new Client("nobody");
const api = JSON.parse((await anybody.ask("/openapi.json", { json: true })).text);
const routes = Object.entries(api.paths).flatMap(([path, verbs]) => Object.entries(verbs).map(([verb, op]) => ({ path, method: verb.toUpperCase(), isPublic: op.security?.length === 0 })));
const pattern = (path) => new RegExp("^" + path.replace(/\{[^}]*\}/g, "([^/]+)") + "$");
for (const r of routes) r.match = pattern(r.path);
const routeOf = (path, method = "GET") => routes.filter((r) => r.method === method && r.match.test(path)).sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0))[0];

const clients = {};
const notIn = [];
for (const role of ROLES) {
  clients[role] = new Client(role);
  if (!(await clients[role].signIn())) notIn.push(role);
}
holds("the demonstration has an account for each role", notIn);

// The page for people is the statement that is tested, its rows marked with the roles they name.
const audit = (await clients.administrator.ask("/admin/permissions", { lang: "en" })).text;
const allowed = new Map();
for (const [row, roles] of audit.matchAll(/<tr data-roles="([^"]*)">[\s\S]*?<\/tr>/g)) {
  const [method, path] = (/<code>([\s\S]*?)<\/code>/.exec(row)?.[1] ?? "").split(" ");
  if (path) allowed.set(`${method} ${path.replace(/\*\}/g, "}")}`, new Set(roles.split(" ")));
}
holds("the permission page names every route of the program's features", routes.filter((r) => !allowed.has(`${r.method} ${r.path}`) && !/^\/(healthz|readyz|openapi\.json|metrics|assets\/)/.test(r.path)).map((r) => `${r.method} ${r.path}`));

// --- the audit log speaks in sentences
const mute = [];
for (let page = 1; page <= 9; page++) {
  const log = (await clients.administrator.ask(`/admin/audit?page=${page}`, { lang: "en" })).text;
  for (const [, action] of log.matchAll(/<td><code>([^<]*)<\/code><\/td>/g)) mute.push(action);
}
holds("every action of the audit log is told in a sentence", mute);

// --- every link, as every role
const kindOf = (path) => {
  const url = new URL(path, "http://x");
  const route = routeOf(url.pathname);
  return (route?.path ?? url.pathname) + "?" + [...new Set(url.searchParams.keys())].sort().join("&");
};
const policyMissing = [], jsonBroken = [], untranslated = [], leaked = [], formsWithoutToken = [], examples = new Map();
let pages = 0;

function look(role, a) {
  if (!a.headers.get("content-security-policy")) policyMissing.push(`${a.path} as ${role}`);
  const oddity = /(^|[^A-Za-z])(undefined|\(null\)|nan|NaN|-?inf)([^A-Za-z]|$)|%l?l?[sd]\b/.exec(words(a.text));
  if (a.type === "text/html" && oddity) leaked.push(`${a.path} as ${role}: "${words(a.text).slice(Math.max(0, oddity.index - 30), oddity.index + 30).replace(/\s+/g, " ")}"`);
}

// A phrase of Latin letters on a page in Kazakh or Russian is most likely a text that was not translated.
const PHRASE = /[A-Za-z][a-z]+(?: [A-Za-z]?[a-z]+){2,}/;
const NAMES = /OpenStreetMap contributors|Creative Commons|Open Database|Mozilla|PT Sans|Natural Earth|MapLibre|Affero General Public|GNU/;
// Whose content is what programs said about themselves (journal, browsers), titles of sources, or samples.
const RAW = /^\/(styleguide|sources|about\/licences|admin\/(audit|health)|account$)/;

function readLanguage(lang, a) {
  if (!new RegExp(`<html lang="${lang}"`).test(a.text)) untranslated.push(`${a.path}: not marked as ${lang}`);
  if (lang === "en" || RAW.test(a.path)) return;
  // What is marked as English (attributions in the words of their licences) may be English.
  for (const line of words(a.text.replace(/<(\w+)[^>]*\blang="en"[^>]*>[\s\S]*?<\/\1>/g, (tag) => (tag.startsWith("<html") ? tag : " "))).split("\n")) {
    const found = PHRASE.exec(line);
    if (found && !NAMES.test(line)) untranslated.push(`${kindOf(a.path)} in ${lang}: "${line.trim().slice(0, 90)}"`);
  }
}

async function walk(role) {
  const client = clients[role], seen = new Set(["/", "/account"]), perKind = new Map(), dead = [];
  let queue = [["/", "the address of the site"], ["/account", "the head of every page"]];
  while (queue.length) {
    const batch = queue;
    queue = [];
    await inTurns(batch, async ([path, from]) => {
      let a = await client.ask(path, { lang: "en" });
      for (let hops = 0; a.status === 303 && hops < 3; hops++) a = await client.ask(new URL(a.location, "http://x").pathname + new URL(a.location, "http://x").search, { lang: "en" });
      pages++;
      look(role, a);
      if (a.status !== 200) return void dead.push(`${a.status} ${path} (on ${from})`);
      if (a.type !== "text/html") return;
      for (const lang of ["kk", "ru"]) {
        const b = await client.ask(path, { lang });
        if (b.status !== 200 && b.status !== 303) dead.push(`${b.status} ${path} in ${lang}`);
        else if (b.status === 200 && b.type === "text/html") look(role, b), readLanguage(lang, b);
      }
      const route = routeOf(new URL(path, "http://x").pathname);
      const j = await client.ask(path, { json: true });
      if (j.status !== 200 && j.status !== 303) jsonBroken.push(`${j.status} ${path} as ${role}`);
      else if (j.status === 200 && j.type === "application/json") {
        try {
          JSON.parse(j.text);
        } catch (e) {
          jsonBroken.push(`${path} as ${role}: ${e.message}`);
        }
      } else if (j.status === 200 && route && api.paths[route.path].get.responses["200"].content) jsonBroken.push(`${path} as ${role}: ${j.type}`);
      for (const f of forms(a.text, path)) {
        if (!f.csrf && !routeOf(f.action, "POST")?.isPublic) formsWithoutToken.push(`${f.action} on ${path}`);
        note(f.action, "POST");
      }
      for (const next of links(a.text, new URL(path, "http://x").pathname)) {
        if (seen.has(next) || new URL(next, "http://x").searchParams.has("lang")) continue;
        seen.add(next);
        note(next, "GET");
        const kind = kindOf(next), n = perKind.get(kind) ?? 0;
        if (n >= A_KIND) continue;
        perKind.set(kind, n + 1);
        queue.push([next, path]);
      }
    });
  }
  return dead;
}

/** Keeps addresses that exist, to ask routes with identifiers of things that are there. */
function note(path, method) {
  const pathname = new URL(path, "http://x").pathname, route = routeOf(pathname, method);
  if (!route) return;
  const key = `${method} ${route.path}`;
  if (!examples.has(key)) examples.set(key, []);
  if (examples.get(key).length < 3 && !examples.get(key).includes(pathname)) examples.get(key).push(pathname);
}

for (const role of ROLES) holds(`${role}: every link leads somewhere that may be opened`, await walk(role));
console.log(`# ${pages} pages of ${examples.size} kinds`);
holds("no page shows a placeholder or a value that is none", leaked);
holds("pages in Kazakh and Russian have no English sentence", untranslated);
holds("every page answers as JSON, which can be read", jsonBroken);
holds("every form that changes something carries the session's token", formsWithoutToken);

// --- every route, as every role
const addressesOf = (r) => [...new Set([...(examples.get(`${r.method} ${r.path}`) ?? []).slice(0, 1), r.path.replace(/\{[^}]*\}/g, NO_ID)])];
const wrongAccess = [], faults = [], untokened = [], strangers = [];
const GOOD = new Set([200, 204, 303, 304, 400, 404, 409, 410, 413, 415, 422, 429]);
const features = routes.filter((r) => allowed.has(`${r.method} ${r.path}`));

for (const role of ROLES)
  await inTurns(features.filter((r) => r.method === "GET"), async (r) => {
    for (const path of addressesOf(r)) {
      const a = await clients[role].ask(path), may = allowed.get(`GET ${r.path}`).has(role);
      look(role, a);
      if (a.status >= 500) faults.push(`${a.status} GET ${path} as ${role}`);
      else if (may ? !GOOD.has(a.status) : a.status !== 403) wrongAccess.push(`${a.status} GET ${path} as ${role}, who ${may ? "may" : "may not"}`);
    }
  });
await inTurns(features, async (r) => {
  const path = addressesOf(r)[0];
  const a = await anybody.ask(path, r.method === "POST" ? { method: "POST", form: {} } : {});
  look("nobody", a);
  if (a.status >= 500) faults.push(`${a.status} ${r.method} ${path} as nobody`);
  const kept = r.method === "POST" ? a.status === 401 : a.status === 303 && a.location?.startsWith("/signin?next=");
  if (r.isPublic ? a.status === 401 || a.status === 403 : !kept) strangers.push(`${a.status} ${r.method} ${path}`);
});
holds("whoever is not signed in reaches only what is public", strangers);

for (const role of ROLES)
  await inTurns(features.filter((r) => r.method === "POST" && r.path !== "/signin"), async (r) => {
    for (const path of addressesOf(r)) {
      for (const form of [{}, { csrf: "AAAAAAAAAAAAAAAAAAAAAA" }]) {
        const a = await clients[role].ask(path, { method: "POST", form });
        if (a.status !== 403) untokened.push(`${a.status} POST ${path} as ${role}`);
      }
      const away = await clients[role].ask(path, { method: "POST", form: { csrf: clients[role].csrf }, headers: { "sec-fetch-site": "cross-site" } });
      if (away.status !== 403) untokened.push(`${away.status} POST ${path} as ${role} from another site`);
    }
  });
holds("a form without the right token or from another site is refused", untokened);

// Nonsense with the right token: answered in order. Signing out and changing one's own account come last.
const late = (r) => /^\/(signout|account\/)|\/disable|\/password|\/grants?\//.test(r.path);
const NONSENSE = [{}, { name: "\u0000\ufffe<script>", version: "x", id: "'; DROP TABLE account; --", date: "2025-02-30", value: "1e999", quarter: "2025-Q9", place: "-1", once: "?" }];
for (const later of [false, true])
  for (const role of ROLES)
    await inTurns(features.filter((r) => r.method === "POST" && r.path !== "/signin" && late(r) === later), async (r) => {
      const may = allowed.get(`POST ${r.path}`).has(role);
      for (const path of addressesOf(r))
        for (const form of NONSENSE) {
          const a = await clients[role].ask(path, { method: "POST", form: { ...form, csrf: clients[role].csrf } });
          look(role, a);
          if (a.status >= 500) faults.push(`${a.status} POST ${path} as ${role}`);
          else if (!later && (may ? !GOOD.has(a.status) && !(a.status === 403) : a.status !== 403)) wrongAccess.push(`${a.status} POST ${path} as ${role}, who ${may ? "may" : "may not"}`);
        }
    }, later ? 1 : 4);
holds("every route answers every role as the permission page says", wrongAccess);

// Addresses and bodies that no browser sends.
const odd = ["/%00", "/%ff%fe", "/assets/..%2f..%2fetc%2fpasswd", "/assets/%2e%2e/%2e%2e/main.c", "/organisations/1%20OR%201=1", "/?lang=%00", "/quarter/2025-Q9", "/quarter/9999-Q1", "//evil.example/", "/" + "a".repeat(3000), "/search?q=" + "%D2%9B".repeat(500), "/tiles/nothing/99/-1/0", "/admin/audit?page=99999999999999999999", "/admin/calendar?year=-1", "/places/" + "Z".repeat(13), "/map?date=2025-02-31&indicator=%27", "/organisations?page=-5&date=x"];
for (const path of odd) {
  for (const role of ["head", "administrator"]) {
    const a = await clients[role].ask(path).catch((e) => ({ status: 599, path, error: e }));
    if (a.status >= 500) faults.push(`${a.status} ${path.slice(0, 60)} as ${role}`);
  }
}
for (const type of ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "text/plain"]) {
  const a = await anybody.ask("/signin", { method: "POST", body: Buffer.from("\u0000\r\n--x\r\nlogin=%&&==;%zz\ud83d"), headers: { "content-type": type } });
  if (a.status >= 500) faults.push(`${a.status} POST /signin as ${type}`);
}
holds("no request makes a fault of the server", faults);
holds("every answer carries the content security policy", policyMissing);
const alive = await anybody.ask("/healthz");
holds("after all of this the server is well", alive.status === 200 ? [] : [`/healthz: ${alive.status}`]);

console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
