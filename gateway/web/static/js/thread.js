// The open thread: new lines at the end, older ones above, read after a second in view.
import { $, $$, apply, command, emit, get, later, load, toast, wide } from './dom.js';
import { currentId, markOpen, rowOf, setView, showNone } from './list.js';
import { fromChanged, keepsFrom, ready as composerReady } from './composer.js';
import { left } from './drafts.js';
import { showUnsent } from './outbox.js';
import { selectTab } from './overlays.js';
import { _ } from './words.js';

const scroller = () => $('#scroll');
let atEnd = true;
const grown = new ResizeObserver(() => { const box = scroller(); if (box && atEnd) box.scrollTop = box.scrollHeight; });

export function toEnd(smooth = false) {
  const box = scroller();
  if (!box) return;
  const calm = matchMedia('(prefers-reduced-motion:reduce)').matches;
  box.scrollTo({ top: box.scrollHeight, behavior: smooth && !calm ? 'smooth' : 'auto' });
  atEnd = true;
}

// After a thread came into the pane, by a click or with the page.
export function paneReady() {
  showKinds();
  const box = scroller(), thread = $('#pane .thread[data-conversation]');
  if (!box || !thread) return;
  markOpen(thread.dataset.conversation);
  // Whoever pressed a row before this script was here is led to the thread all the same.
  if (location.pathname === `/conversations/${thread.dataset.conversation}`) setView('thread');
  composerReady();
  showUnsent();
  // From here on the page is laid out: what is put in after this is laid out a second time.
  const fresh = $('#first-new');
  const above = fresh ? fresh.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop : 0;
  if (above > 120 && box.scrollHeight - above > box.clientHeight) { box.scrollTop = above - 80; atEnd = false; }
  else toEnd();
  grown.disconnect();
  if ($('#composer')) grown.observe($('#composer'));
  readSoon();
}

const readSoon = later(1000, async () => {
  const id = currentId(), thread = $('#pane .thread[data-conversation]');
  if (!id || document.hidden || thread.dataset.kept) return;
  if (!wide() && $('.inbox')?.dataset.view !== 'thread') return;
  if (!rowOf(id)?.classList.contains('unread') && !$('#first-new') && !thread.dataset.unseen) return;
  delete thread.dataset.unseen;
  await command(`/conversations/${id}/read`, { seq: $('#tl').dataset.last });
});
export const keepUnread = () => { const thread = $('#pane .thread'); if (thread) thread.dataset.kept = '1'; };
document.addEventListener('visibilitychange', () => { if (!document.hidden) readSoon(); });

// What happened in the open thread since the last line it shows.
let asking = null, next = null;
export async function refreshThread(messages = []) {
  if (asking) { next = [...next ?? [], ...messages]; return asking; }
  asking = fetchNews(messages);
  await asking;
  asking = null;
  const more = next;
  next = null;
  return more && refreshThread(more);
}

// What is on its way from here comes with its own answer; brought by the news before that, it would stand there twice.
async function sendsSettled() {
  const until = performance.now() + 3000;
  while ($('#tl .m.pending[data-sending]:not([data-answered])') && performance.now() < until) {
    await new Promise(done => { document.addEventListener('send-settled', done, { once: true }); setTimeout(done, until - performance.now()); });
  }
}

async function fetchNews(messages) {
  await sendsSettled();
  const id = currentId(), list = $('#tl');
  if (!id || !list) return;
  const open = $$('#tl .m.out[data-open]').map(line => line.id);
  const query = new URLSearchParams({ after: list.dataset.last, messages: [...new Set([...messages, ...open])].slice(-50).join(','), query: $('#pane .thread').dataset.query });
  try {
    const response = await get(`/conversations/${id}/news?${query}`);
    if (response?.status === 404) { showGone(); return; }
    if (!response?.ok || currentId() !== id) return;
    const html = await response.text();
    await take(html);
  } catch { /* the stream notices a lost connection, and asks again when it is back */ }
}

function showGone() { showNone(); toast(_('This conversation is no longer yours to see')); }

// Puts the lines of an answer at the end of the thread, and everything else where its id says.
export async function take(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const lines = holder.content.querySelector('ol[data-lines]');
  lines?.remove();
  const rest = document.createElement('div');
  rest.append(holder.content);
  if ($('#dlg-own')?.open) rest.querySelector('#dlg-own')?.remove();   // not from under somebody's hand
  const from = rest.querySelector('[data-from-news]');
  if (from && keepsFrom()) from.remove();
  const tab = $('#side [role=tab][aria-selected=true]')?.id, seen = $('#presence');
  const { textContent: who = '', hidden: alone = true } = seen ?? {};   // who is here comes by another way than the head
  await apply(rest.innerHTML);
  if ($('#presence')) { $('#presence').textContent = who; $('#presence').hidden = alone; }
  if (from && rest.contains(from)) fromChanged();
  if (tab && $(`#${tab}`)?.getAttribute('aria-selected') === 'false') selectTab($(`#${tab}`));
  $$('#tl .status[data-of]').forEach(showStatus);
  if (lines) merge(lines);
}

// A status tells its message what it is: waiting, failed, or still open.
function showStatus(status) {
  const line = document.getElementById(status.dataset.of), tells = status.dataset.tells.split(' ');
  line.classList.toggle('pending', tells.includes('pending'));
  line.classList.toggle('fail', tells.includes('fail'));
  line.toggleAttribute('data-open', tells.includes('open'));
}

function merge(lines) {
  const list = $('#tl');
  if (!list) return;
  let last = Number(list.dataset.last), inbound = false;
  for (const line of [...lines.children]) {
    const seq = Number(line.dataset.seq ?? 0), old = line.id && list.querySelector(`#${CSS.escape(line.id)}`);
    if (old) { old.replaceWith(line); htmx.process(line); continue; }
    if (line.matches('.day')) { if (line.dataset.day && [...$$('.day[data-day]', list)].at(-1)?.dataset.day === line.dataset.day) continue; list.append(line); continue; }
    const sending = $('.m[data-sending]', list);
    list.insertBefore(line, line.matches('.out') || !sending ? null : sending);
    htmx.process(line);
    if (line.matches('.m.out')) left($('.bub', line)?.textContent ?? '');
    inbound ||= line.matches('.inc');
    last = Math.max(last, seq);
  }
  list.dataset.last = Math.max(last, Number(lines.dataset.last ?? 0));
  const seen = $('#composer input[name=expected_seq]');
  if (seen) seen.value = list.dataset.last;
  if (inbound) { $('#pane .thread').dataset.unseen = '1'; }
  if (atEnd) toEnd(); else if (inbound) $('.jumpnew').hidden = false;
  if (inbound && atEnd) readSoon();
}

addEventListener('scroll', event => {
  const box = event.target;
  if (box.id !== 'scroll') return;
  const left = box.scrollHeight - box.scrollTop - box.clientHeight;
  atEnd = left < 80;
  const jump = $('.jumpnew');
  if (jump && (atEnd || left > 240)) jump.hidden = atEnd;
  if (atEnd) readSoon();
}, true);

// Older lines come in above without moving what one reads.
let heightBefore = 0;
document.addEventListener('htmx:before:swap', event => {
  if (event.detail.ctx?.sourceElement?.matches?.('[data-older]')) heightBefore = scroller().scrollHeight - scroller().scrollTop;
});
document.addEventListener('htmx:after:swap', event => {
  if (heightBefore) { scroller().scrollTop = scroller().scrollHeight - heightBefore; heightBefore = 0; }
  if (event.detail.ctx?.target?.id === 'pane') paneReady();
});

// A skeleton when a thread takes longer than 150 ms, and a way out when it doesn't come.
let wanted = null, coming = null;
export const isComing = () => coming !== null;
const skeleton = later(150, () => $('#pane').replaceChildren($('#t-load').content.cloneNode(true)));
const toPane = event => event.detail.ctx?.target?.id === 'pane';
document.addEventListener('htmx:before:request', event => {
  if (!toPane(event)) return;
  coming = event.detail.ctx;
  emit('pane-leaves');
  const link = event.detail.ctx.sourceElement;
  if (link.id === 'pane') return;
  wanted = link;
  const id = link.closest('.cr')?.dataset.id;
  markOpen(id);
  setView('thread');
  if (id !== currentId()) skeleton();   // asked for again, it stays under the hand that writes in it
});
// Before the swap too: on a slow machine the 150 ms may end between the thread coming in and its request being over.
for (const name of ['htmx:before:swap', 'htmx:finally:request']) document.addEventListener(name, event => { if (toPane(event)) skeleton.cancel(); });
document.addEventListener('htmx:finally:request', event => {
  if (event.detail.ctx !== coming) return;
  coming = null;
  emit('pane-came');
});
function failed(event) {
  if (!toPane(event)) return;
  skeleton.cancel();
  if (event.detail.error?.name === 'AbortError') return;
  $('#pane').replaceChildren($('#t-error').content.cloneNode(true));
}
document.addEventListener('htmx:response:error', failed);
document.addEventListener('htmx:error', failed);
export function retryPane() {
  const row = rowOf(wanted?.closest('.cr')?.dataset.id);   // the same one, come anew
  (row ? $('.cr-top', row) : wanted)?.click();
}
document.addEventListener('live-back', () => { if ($('#pane [data-act=retry-pane]')) retryPane(); else readSoon(); });

document.addEventListener('news-wanted', () => refreshThread());
// The contact was named: heads, bubbles and panel all say so.
document.addEventListener('pane-stale', () => {
  const thread = $('#pane .thread[data-conversation]'), id = thread?.dataset.conversation;
  if (id && !coming) load(`/conversations/${id}/pane?${thread.dataset.query}`, '#pane');
});

// Which kinds of line are shown; the choice goes along from thread to thread, until the tab is closed.
const KINDS = 'event-filter';
addEventListener('click', event => {
  const kind = event.target.closest('[data-ev]');
  if (!kind) return;
  kind.setAttribute('aria-pressed', kind.getAttribute('aria-pressed') !== 'true');
  const hidden = $$('[data-ev][aria-pressed=false]').map(item => item.dataset.ev).join(' ');
  sessionStorage.setItem(KINDS, hidden || 'none');
  showKinds();
});

function showKinds() {
  const list = $('#tl'), kept = sessionStorage.getItem(KINDS);
  if (!list) return;
  if (kept !== null) list.dataset.hide = kept === 'none' ? '' : kept;
  const hidden = (list.dataset.hide ?? '').split(' ').filter(Boolean);
  $$('[data-ev]').forEach(kind => kind.setAttribute('aria-pressed', String(!hidden.includes(kind.dataset.ev))));
  $('[popovertarget=m-events]')?.classList.toggle('is-on', hidden.some(kind => kind !== 'auto'));
}
document.addEventListener('htmx:after:swap', showKinds);

// The contact panel beside it: docked where there is room, else over the thread.
export function toggleSide() {
  const pane = $('#pane');
  if (!pane) return;
  const open = pane.dataset.side ? pane.dataset.side === 'on' : innerWidth >= 1380;
  pane.dataset.side = open ? 'off' : 'on';
}
