// Commands are forms. What can be undone waits ten seconds in the page before it is sent.
import { $, command, emit, toast } from './dom.js';
import { hideMenus } from './overlays.js';
import { hideRow, showRow, currentId, openNext, refreshRows, rowOf } from './list.js';
import { _ } from './words.js';

const WAIT = 10_000;
const waiting = new Map();   // conversation id -> what will be sent
export const isWaiting = id => waiting.has(id);

const conversationOf = url => /\/conversations\/(cnv_\w+)\//.exec(url)?.[1] ?? '';

// Sends what waits for a conversation, and with it for all that were chosen together with it.
export function send(id, leaving = false) {
  const one = waiting.get(id);
  if (!one) return null;
  for (const other of one.ids) waiting.delete(other);
  clearTimeout(one.timer);
  one.dismiss();
  return command(one.url, one.fields).then(answer => {
    if (!answer.ok) one.ids.forEach(other => showRow(other));
    else if (!leaving) refreshRows(one.ids);
    return answer;
  });
}

// Ten seconds to think better of it: the rows go at once, the command when the time is over.
export function wait(ids, url, fields, words, leaves) {
  const open = leaves && ids.filter(id => hideRow(id))[0];
  const one = { ids: [...ids], url, fields };
  one.timer = setTimeout(() => send(one.ids[0]), WAIT);
  one.dismiss = toast(words, () => {
    clearTimeout(one.timer);
    for (const id of one.ids) { waiting.delete(id); showRow(id, id === open); }
    refreshRows(one.ids);   // what came meanwhile
  });
  for (const id of ids) waiting.set(id, one);
  if (open) openNext(open);
}

// Who writes before the time is over would be put away unread: theirs comes back, the others go.
function recall(id) {
  const one = waiting.get(id);
  if (!one) return;
  waiting.delete(id);
  one.ids = one.ids.filter(other => other !== id);
  one.fields = one.fields.filter?.(([name, value]) => name !== 'ids' || value !== id) ?? one.fields;
  if (!one.ids.length) { clearTimeout(one.timer); one.dismiss(); }
  showRow(id);
  refreshRows([id]);
  toast(_('%(name)s wrote in the meantime, and stays', { name: rowOf(id)?.dataset.name ?? '' }));
}
document.addEventListener('live-change', event => {
  const { type, conversations = [] } = event.detail;
  if (type === 'message_received') conversations.forEach(recall);
});

// What was done shows in its row and in the open thread.
function shown(id, open = id, anyway = false) {
  if (id) refreshRows([id]);
  if (currentId() && (currentId() === open || anyway)) emit('news-wanted');
}

// Handed to somebody else: in whose own list it stood, it leaves that at once and can be had back before it is sent;
// elsewhere it is sent, and can be given back. Null for what one takes oneself, or gives to nobody.
const OWN = /^(inbox|mine|unassigned)$/;
function handover(form) {
  if (form.dataset.handover === undefined) return null;
  const { user_id: agent, group_id: group } = form.elements, to = agent.value ? agent : group;
  const before = select => [...select.options].find(option => option.defaultSelected)?.value ?? '';
  if (!to.value || agent.value === $('.app').dataset.me) return null;
  return {
    words: _('Transferred to %(name)s', { name: to.selectedOptions[0].textContent }),
    leaves: to === agent && OWN.test($('#listpane')?.dataset.view ?? ''),
    back: [['user_id', before(agent)], ['group_id', before(group)]],
  };
}

export async function run(form, submitter) {
  const fields = [...new FormData(form, submitter)], url = submitter?.hasAttribute('formaction') ? submitter.formAction : form.action, id = conversationOf(url);
  const { undo, leaves } = form.dataset, handed = handover(form);
  if (submitter && 'closeAfter' in submitter.dataset) form.closest('dialog')?.close();
  if (!form.classList.contains('keep')) hideMenus();
  await send(id);   // the next action on a conversation sends what still waits for it
  if (undo && id) { wait([id], url, fields, undo, leaves !== undefined); return; }
  if (handed?.leaves) { wait([id], url, fields, handed.words, true); return; }
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
  const open = form.elements.conversation?.value ?? id;
  shown(id, open, url.includes('/messages/'));
  if (answer.ok && handed) toast(handed.words, () => command(url, handed.back).then(() => shown(id)));
  if (answer.ok && url.includes('/contacts/') && open === currentId()) emit('pane-stale');
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
