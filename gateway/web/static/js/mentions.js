// @ in a note: a list of colleagues that follows the typing, and a line when somebody names oneself.
import { $, $$, toast } from './dom.js';
import { place } from './overlays.js';
import { _ } from './words.js';

const menu = () => $('#m-mention');
const isOpen = () => Boolean(menu()?.matches(':popover-open'));
const options = () => $$('[data-mention]', menu()).filter(one => !one.hidden);
const box = () => $('#msg');

// What was typed after the last @ before the cursor; null where there is none.
function asked() {
  const text = box();
  if (!text || !text.closest('.is-note') || text.selectionStart !== text.selectionEnd) return null;
  return /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N} .'-]{0,40})$/u.exec(text.value.slice(0, text.selectionStart))?.[1] ?? null;
}

function hide() {
  if (isOpen()) menu().hidePopover();
  box()?.removeAttribute('aria-activedescendant');
}

function mark(option) {
  for (const one of $$('[data-mention]', menu())) one.setAttribute('aria-selected', one === option);
  option ? box().setAttribute('aria-activedescendant', option.id) : box().removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function follow() {
  const words = asked();
  if (words === null || !menu()) { hide(); return; }
  const wanted = words.toLowerCase();
  for (const one of $$('[data-mention]', menu())) one.hidden = !one.dataset.mention.toLowerCase().split(' ').concat(one.dataset.mention.toLowerCase()).some(part => part.startsWith(wanted));
  const found = options();
  if (!found.length) { hide(); return; }
  if (!isOpen()) menu().showPopover();
  place(menu(), box());
  mark(found[0]);
}

function choose(option) {
  const text = box(), at = text.selectionStart, start = at - asked().length;
  text.setRangeText(`${option.dataset.mention} `, start, at, 'end');
  hide();
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

addEventListener('input', event => { if (event.target.id === 'msg') follow(); });
addEventListener('pointerdown', event => {
  const option = event.target.closest?.('[data-mention]');
  if (option) { event.preventDefault(); choose(option); } else if (event.target.id !== 'msg') hide();
});
addEventListener('focusout', event => { if (event.target.id === 'msg') hide(); });
addEventListener('keydown', event => {
  if (event.target.id !== 'msg' || !isOpen()) return;
  const found = options(), now = found.findIndex(one => one.getAttribute('aria-selected') === 'true');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') mark(found.at((now + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length));
  else if (event.key === 'Enter' || event.key === 'Tab') choose(found[Math.max(0, now)]);
  else if (event.key === 'Escape') hide();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// Somebody named the reader in a note.
document.addEventListener('live-change', event => {
  const { mentions = [], conversations = [] } = event.detail, me = $('.app')?.dataset.me;
  if (!me || !mentions.includes(me)) return;
  toast(_('You were mentioned in a note'), () => { location.href = conversations.length ? `/conversations/${conversations[0]}` : '/conversations'; }, _('Show'));
});
