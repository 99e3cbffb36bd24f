// Other ways to send: later, as a test, and with the conversation completed by it.
import { $, $$, make, post, toast, uuid } from './dom.js';
import { hideMenus, openDialog } from './overlays.js';
import { fieldsOf, insert, mode, send } from './composer.js';
import { files, filesAllowed } from './attach.js';
import { _ } from './words.js';

let asking = null;

function written(within) {
  const text = $('.msgbox', within);
  if (text.value.trim() || files(within).length) return filesAllowed(within);
  toast(_('Write something first.'));
  text.focus();
  return false;
}

// Cancels what was just scheduled; the words are back in the box, unless something else is there by now.
const takeBack = (cancel, words) => cancel && (() => {
  if (!cancel.isConnected) return;
  cancel.requestSubmit();
  if (!$('#msg').value) insert(words, $('#composer'));
});

// A reply is sent by the page; a new conversation goes with its form.
async function sendLater(within, local, expires = '') {
  if (within.id === 'composer') {
    const words = $('#msg').value;
    if (await send({ send_local: local, expires_local: expires })) toast(_('Scheduled. It can be changed or cancelled in the thread.'), takeBack($$('#tl form[action$="/cancel"]').at(-1), words));
    return;
  }
  within.elements.send_local.value = local;
  within.elements.expires_local.value = expires;
  within.requestSubmit();
}

// A reply is tested, never what is written for the team; and none where nothing may be sent.
function mayTest(within) {
  if (within.id !== 'composer') return true;
  if (within.classList.contains('is-locked')) { toast($('.locked .grow', within).textContent); return false; }
  mode('reply');
  return true;
}

addEventListener('click', event => {
  const at = event.target.closest('[data-send-at]'), as = event.target.closest('[data-send-as]');
  if (!at && !as) return;
  const within = asking = (at ?? as).closest('form') ?? $('#composer');   // the menu of the head is in no form
  hideMenus();
  if (at) { if (written(within)) sendLater(within, at.dataset.sendAt); return; }
  const way = as.dataset.sendAs;
  if (way === 'now') send();
  if (way === 'complete' && written(within)) send({ then: 'complete' });
  if (way === 'later' && written(within)) {
    const first = $('[data-send-at]', within)?.dataset.sendAt ?? '', sheet = $('[data-sched-form]');
    sheet.reset();
    sheet.elements.send_local.value = first;
    openDialog('dlg-sched');
  }
  if (way === 'test' && mayTest(within) && written(within)) {
    $('#te-b').textContent = $('.msgbox', within).value || _('The attached file');
    $('[data-test-form] [data-err]').hidden = true;
    openDialog('dlg-test');
  }
});

addEventListener('submit', async event => {
  const sheet = event.target;
  if (sheet.matches('[data-sched-form]')) {
    event.preventDefault();
    sheet.closest('dialog').close();
    sendLater(asking, sheet.elements.send_local.value, sheet.elements.expires_local.value);
  }
  if (!sheet.matches('[data-test-form]')) return;
  event.preventDefault();
  const button = $('[type=submit]', sheet), err = $('[data-err]', sheet);
  button.classList.add('is-busy');
  const answer = await post('/test-message', { ...fieldsOf(asking), thread: asking.dataset.thread ?? '', test_to: sheet.elements.test_to.value, key: uuid() });
  button.classList.remove('is-busy');
  err.hidden = answer.ok;
  if (!answer.ok) { err.replaceChildren(make('span', {}, answer.told || _('This was not sent.'))); return; }
  sheet.closest('dialog').close();
  toast(answer.told);
});
