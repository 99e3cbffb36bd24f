// A certified OpenID Connect provider (npm oidc-provider) on loopback: whoever types `ana@shop.example` at its sign-in
// form has that address, verified unless it begins with "unverified-". Arguments: port, client id, secret, redirect URI.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, clientId, clientSecret, redirect] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: `key-${Date.now()}` };
const scope = 'openid email profile';

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirect], post_logout_redirect_uris: [`${new URL(redirect).origin}/login`] }],
  jwks: { keys: [key] },
  cookies: { keys: ['a key of the tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      email: login.replace('unverified-', '').replace(/\+.*(?=@)/, ''),
      email_verified: !login.startsWith('unverified-'),
      name: login.split('@')[0],
      groups: login.includes('+boss@') ? ['bosses', 'everybody'] : ['everybody'],
    }),
  }),
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  },
});
const FORM = `<!doctype html><html lang="en"><title>Company login</title><form method="post">
<label>Company account <input name="login" autofocus></label> <button>Log in</button></form></html>`;

async function interact(request, response) {
  if (request.method === 'POST') {
    let body = '';
    for await (const piece of request) body += piece;
    const login = { accountId: new URLSearchParams(body).get('login') };
    await provider.interactionFinished(request, response, { login });
    return;
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(FORM);
}

const handle = provider.callback();
createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) interact(request, response);
  else if (request.url === '/favicon.ico') response.writeHead(204).end();
  else handle(request, response);
}).listen(Number(port), '127.0.0.1', () => console.log('Provider ready'));
