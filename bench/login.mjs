// login.mjs ADDRESS LOGIN: signs in as a demonstration account and prints the cookie, for wrk.
const [, , address, login] = process.argv;
const answer = await fetch(address + "/signin", {
  method: "POST",
  redirect: "manual",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ login, password: "Shanyraq-2025" }).toString(),
});
const session = answer.headers.getSetCookie().find((c) => c.startsWith("session="));
if (!session) throw new Error(`${login} could not sign in: ${answer.status}`);
console.log(session.split(";")[0]);
