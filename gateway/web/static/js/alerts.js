// Desktop notifications: asked for only when switched on, none for what one is looking at.
import { $, toast } from './dom.js';
import { _ } from './words.js';
import { currentId } from './list.js';

const wanted = () => localStorage.getItem('alerts') === '1' && 'Notification' in window && Notification.permission === 'granted';

export function start() {
  const toggle = $('#alerts');
  if (toggle) toggle.checked = wanted();
}

addEventListener('change', async event => {
  const toggle = event.target;
  if (toggle.id !== 'alerts') return;
  localStorage.setItem('alerts', toggle.checked ? '1' : '');
  if (!toggle.checked) return;
  const answer = 'Notification' in window && Notification.permission !== 'denied' ? await Notification.requestPermission() : 'denied';
  if (answer === 'granted') { toast(_('Alerts are on')); return; }
  toggle.checked = false;
  localStorage.setItem('alerts', '');
  toast(_('Your browser is blocking notifications. Allow them in its site settings'));
});

document.addEventListener('row-changed', event => {
  const { before, row } = event.detail, more = Number(row.dataset.unread) > Number(before?.dataset.unread ?? 0);
  if (!more || !wanted() || (!document.hidden && row.dataset.id === currentId())) return;
  const note = new Notification(row.dataset.name, { body: row.querySelector('.cr-prev .trunc').textContent.trim(), tag: row.dataset.id });
  note.addEventListener('click', () => { window.focus(); location.href = row.querySelector('.cr-top').href; });
});
