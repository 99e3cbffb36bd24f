// The settings: what can be copied, and gateways that tell how they are. Everything else there is forms and links.
import { $, toast } from './dom.js';
import { _ } from './words.js';

addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(_('Copied'));
  } catch {
    // Without https there is no clipboard: the text is selected, for the keys.
    const text = button.parentNode.querySelector('.copied');
    if (text.select) text.select(); else getSelection().selectAllChildren(text);
    toast(_('Selected. Press Ctrl C to copy it.'));
  }
});

document.addEventListener('live-change', event => {
  if (event.detail.type === 'gateway_health_changed') document.body.dispatchEvent(new CustomEvent('gateway-changed'));
});

// Two people at one form: the later one knows that there was an earlier one, before saving and not after.
const OF_WORKSPACE = /^\/settings\/(policies|data|security)$/;
document.addEventListener('live-change', event => {
  const { changed, by } = event.detail, bar = $('#changed-meanwhile');
  if (!changed || !by || !bar || by === $('.app').dataset.me || !$('.setw form[method=post]')) return;
  const { pathname } = location;
  if (pathname.split('/').includes(changed) || (changed.startsWith('wsp_') && OF_WORKSPACE.test(pathname))) bar.hidden = false;
});

// On a phone the sections are one line that scrolls: the current one is in sight.
const showCurrent = () => $('.set>.nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
document.addEventListener('htmx:after:swap', showCurrent);
showCurrent();

// What is done from a card's menu without leaving the page closes it.
addEventListener('submit', event => { if (event.target.matches('.menu .cmd')) event.target.closest('.menu').hidePopover(); });
