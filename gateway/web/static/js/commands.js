// Commands are forms. What can be undone waits ten seconds in the page before it is sent.
import { $, command, toast } from './dom.js';
import { hideMenus } from './overlays.js';
import { hideRow, showRow, currentId, openNext, refreshRows } from './list.js';

const WAIT = 10_000;
const waiting = new Map();   // conversation id -> what will be sent
export const isWaiting = id => waiting.has(id);

const conversationOf = url => /\/conversations\/(cnv_\w+)\//.exec(url)?.[1] ?? '';

// Sends what waits for a conversation, and with it for all that were chosen together with it.
export function send(id, keepalive = false) {
  const one = waiting.get(id);
  if (!one) return null;
  for (const other of one.ids) waiting.delete(other);
  clearTimeout(one.timer);
  one.dismiss();
  return command(one.url, one.fields, { keepalive }).then(answer => {
    if (!answer.ok) one.ids.forEach(other => showRow(other));
    else if (!keepalive) refreshRows(one.ids);
    return answer;
  });
}

// Ten seconds to think better of it: the rows go at once, the command when the time is over.
export function wait(ids, url, fields, words, leaves) {
  const open = leaves && ids.filter(id => hideRow(id))[0];
  const timer = setTimeout(() => send(ids[0]), WAIT);
  const dismiss = toast(words, () => {
    clearTimeout(timer);
    for (const id of ids) { waiting.delete(id); showRow(id, id === open); }
  });
  for (const id of ids) waiting.set(id, { ids, url, fields, timer, dismiss });
  if (open) openNext(open);
}

export async function run(form, submitter) {
  const fields = [...new FormData(form, submitter)], url = submitter?.hasAttribute('formaction') ? submitter.formAction : form.action, id = conversationOf(url);
  const { undo, leaves } = form.dataset;
  if (submitter && 'closeAfter' in submitter.dataset) form.closest('dialog')?.close();
  if (!form.classList.contains('keep')) hideMenus();
  await send(id);   // the next action on a conversation sends what still waits for it
  if (undo && id) { wait([id], url, fields, undo, leaves !== undefined); return; }
  if (leaves !== undefined && id) {
    const wasOpen = hideRow(id);
    const answer = await command(url, fields);
    if (!answer.ok) showRow(id, wasOpen);
    else if (wasOpen) openNext(id);
    return;
  }
  submitter?.classList.add('is-busy');
  const answer = await command(url, fields);
  submitter?.classList.remove('is-busy');
  if (id) refreshRows([id]);
  const open = form.elements.conversation?.value ?? id;
  if (currentId() && (currentId() === open || url.includes('/messages/'))) document.dispatchEvent(new CustomEvent('news-wanted'));
  if (answer.ok && url.includes('/contacts/') && open === currentId()) document.dispatchEvent(new CustomEvent('pane-stale'));
}

addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches('form[data-cmd]')) return;
  event.preventDefault();
  run(form, event.submitter);
}, true);

addEventListener('pagehide', () => [...waiting.keys()].forEach(id => send(id, true)));
document.addEventListener('rows-stale', event => refreshRows(event.detail));

// An action named by a key or a menu: press its button in the head of the open conversation.
export function press(name) {
  const button = $(`.thead [data-key-act="${name}"]`) ?? (name === 'close' ? $('.thead [data-dlg="dlg-close"]') : null);
  button?.click();
}

addEventListener('click', event => {
  const named = event.target.closest('[data-press]');
  if (named) { hideMenus(); press(named.dataset.press); }
});

export const flushAll = () => Promise.all([...waiting.keys()].map(id => send(id)));
