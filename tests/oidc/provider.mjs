/**
 * An OpenID provider on 127.0.0.1 for the tests: oidc-provider as it ships, with people
 * and a sign-in page of one field. No network, nothing on disk; it ends with the test's
 * pipe, and after five minutes in any case.
 *
 * In: one line of JSON, {client, people}. `client` is its registration, `people` maps who
 * signs in to their claims. Out: one line with the issuer.
 */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const LONGEST_MS = 5 * 60_000;

setTimeout(() => process.exit(1), LONGEST_MS).unref();
const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => start(JSON.parse(line)));
lines.once("close", () => process.exit(0));

function start({ client, people }) {
  let answer;
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, configuration(client, people));
    answer = answering(provider);
    process.stdout.write(`${issuer}\n`);
  });
}

function configuration(client, people) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" };
  // As a certified provider has it: name and e-mail are told at the userinfo endpoint.
  const scopes = { profile: ["name"], email: ["email", "email_verified"] };
  const told = Object.values(scopes).flat();
  const names = Object.values(people).flatMap(Object.keys).filter((name) => !told.includes(name));
  return {
    clients: [client],
    jwks: { keys: [key] },
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub", ...new Set(names)], ...scopes },
    scopes: ["openid", "profile", "email"],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      // Its own pages ask another host for a font.
      rpInitiatedLogout: { enabled: true, logoutSource: signingOut },
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  };
}

function signingOut(context, form) {
  const button = '<button form="op.logoutForm" name="logout" value="yes">Out</button>';
  context.body = `<!doctype html><title>Out</title>${form}${button}`;
}

/** The provider, and before it the page that asks who one is. */
function answering(provider) {
  const callback = provider.callback();
  return async (request, response) => {
    if (!request.url.startsWith("/who/")) return callback(request, response);
    if (request.method === "GET") {
      response.setHeader("Content-Type", "text/html");
      return response.end(
        '<!doctype html><title>Who</title><form method="post"><label>Who <input name="who"></label><button>Go</button></form>',
      );
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const who = new URLSearchParams(body).get("who");
    const result = who
      ? { login: { accountId: who } }
      : { error: "access_denied", error_description: "The person said no" };
    return provider.interactionFinished(request, response, result);
  };
}
