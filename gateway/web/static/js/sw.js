// The service worker: shows what was pushed, and opens the conversation. It caches nothing and answers no request.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });
const at = page => new URL(page.url).pathname;

async function show(alert) {
  // Nothing for what one is looking at.
  if ((await pages()).some(page => page.visibilityState === 'visible' && at(page) === alert.url)) return;
  await self.registration.showNotification(alert.title, {
    body: alert.body, tag: alert.tag, renotify: true, timestamp: alert.at, data: { url: alert.url },
    icon: '/static/icons/app-192.png', badge: '/static/icons/badge-96.png',
  });
  if (alert.unread && self.navigator.setAppBadge) await self.navigator.setAppBadge().catch(() => {});
}

async function open(url) {
  const open = await pages(), there = open.find(page => at(page) === url) ?? open[0];
  if (!there) { await self.clients.openWindow(url); return; }
  await there.focus().catch(() => {});
  if (at(there) !== url) await there.navigate(url).catch(() => self.clients.openWindow(url));
}

self.addEventListener('push', event => {
  if (event.data) event.waitUntil(show(event.data.json()));
});
self.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? '/conversations'));
});
