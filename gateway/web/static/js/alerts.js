// Notifications on whatever page is open: asked for only when switched on, none for what one is looking at.
import { $, get, paced, toast } from './dom.js';
import { _, ngettext } from './words.js';
import { currentId } from './list.js';

const push = () => import('./push.js');   // most people's alerts are off

const allowed = () => 'Notification' in window && Notification.permission === 'granted';
const wanted = () => localStorage.getItem('alerts') === '1' && allowed();
const looking = id => !document.hidden && currentId() === id;

export function start() {
  const toggle = $('#alerts');
  if (!toggle) return;
  toggle.checked = wanted();
  if (wanted()) push().then(({ renew }) => renew());
}

async function ask() {
  if (!('Notification' in window)) {
    toast(_('This browser shows notifications only when the Messenger is installed: add it to your home screen first'));
    return false;
  }
  if (Notification.permission !== 'denied' && await Notification.requestPermission() === 'granted') return true;
  toast(_('Your browser is blocking notifications. Allow them in its site settings, then switch Alerts on again'));
  return false;
}

addEventListener('change', async event => {
  const toggle = event.target;
  if (toggle.id !== 'alerts') return;
  if (toggle.checked && !await ask()) toggle.checked = false;
  localStorage.setItem('alerts', toggle.checked ? '1' : '');
  const { subscribe, unsubscribe } = await push();
  if (!toggle.checked) { await unsubscribe(); return; }
  toast(await subscribe() ? _('Alerts are on, also while no page is open') : _('Alerts are on while a page is open'));
});

async function say(alert) {
  const options = { body: alert.body, tag: alert.tag, renotify: true, data: { url: alert.url }, icon: '/static/icons/app-192.png' };
  // A worker's notification outlives the page, and takes the place of the one that was pushed. Phones know no other.
  const registration = await (await push()).worker();
  if (registration?.active) { await registration.showNotification(alert.title, options); return; }
  const note = new Notification(alert.title, { body: alert.body, tag: alert.tag, icon: options.icon });
  note.addEventListener('click', () => { window.focus(); location.href = alert.url; });
}

// One by one as long as that can be read; of what comes faster, how many.
const FEW = 3;
let news = [];
const tell = paced(100, 2000, async () => {
  const some = news.filter(one => !looking(one.id));
  news = [];
  if (some.length > FEW) {
    await say({ title: ngettext('%(num)s new message', '%(num)s new messages', some.length), body: '', tag: 'messages', url: '/conversations' });
    return;
  }
  for (const { id, message } of some) {
    const answer = await get(`/alerts/new?message=${message}`);
    if (answer?.status === 200 && !looking(id)) await say(await answer.json());
  }
});
document.addEventListener('live-change', event => {
  const { type, messages, conversations } = event.detail, id = conversations?.[0];
  if (type !== 'message_received' || !messages || !id || !wanted() || looking(id)) return;
  news.push({ id, message: messages[0] });
  tell();
});
