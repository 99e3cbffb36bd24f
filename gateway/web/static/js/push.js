// This device's subscription for web push: made when Alerts are switched on, given back when they are switched off.
import { csrf } from './dom.js';

const able = () => 'serviceWorker' in navigator && 'PushManager' in window;
const headers = () => ({ 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() });

export const worker = () => 'serviceWorker' in navigator ? navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(() => null) : Promise.resolve(null);

// A mark of this sign-in, by which no other is mistaken for it.
const signIn = () => csrf().slice(0, 8);

function octets(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, letter => letter.charCodeAt(0));
}

function label() {
  const told = navigator.userAgentData;
  const brand = told?.brands?.find(one => !/not.?a.?brand|chromium/i.test(one.brand))?.brand;
  return [brand, told?.platform].filter(Boolean).join(', ') || navigator.userAgent.slice(0, 100);
}

async function say(subscription) {
  const body = JSON.stringify({ ...subscription.toJSON(), label: label() });
  const answer = await fetch('/api/v1/push', { method: 'POST', headers: headers(), body });
  if (!answer.ok) return false;
  localStorage.setItem('push', (await answer.json()).id);
  localStorage.setItem('push-endpoint', subscription.endpoint);
  localStorage.setItem('push-of', signIn());
  return true;
}

// Subscribes; answers whether this device is told when no page is open.
export async function subscribe() {
  if (!able()) return false;
  try {
    const registration = await worker();
    if (!registration) return false;
    const key = octets((await (await fetch('/api/v1/push/key')).json()).public_key);
    const known = await registration.pushManager.getSubscription();
    return await say(known ?? await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  } catch {
    return false;   // no push service can be reached, or the browser has none: pages that are open still tell
  }
}

export async function unsubscribe() {
  const id = localStorage.getItem('push');
  if (id) await fetch(`/api/v1/push/${id}`, { method: 'DELETE', headers: headers() }).catch(() => null);
  localStorage.removeItem('push');
  localStorage.removeItem('push-endpoint');
  localStorage.removeItem('push-of');
  const registration = able() ? await navigator.serviceWorker.getRegistration('/') : null;
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

// A push service may change the address of a device, and with a sign-in its subscription ends: the server is told anew
// when a page is opened.
export async function renew() {
  const registration = able() ? await worker() : null, known = await registration?.pushManager.getSubscription();
  if (known && (known.endpoint !== localStorage.getItem('push-endpoint') || localStorage.getItem('push-of') !== signIn())) await say(known);
}
