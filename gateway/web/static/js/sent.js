// A form that leads to another page is sent once: pressed again while it is on its way, it would be done twice. Back on the page,
// after Escape, by which people stop a page that doesn't come, and where a line lost it, it can be pressed again.
const PATIENCE = 20_000;
const sent = new Map();   // form -> what it was sent with

function mark(button, on) {
  button?.classList.toggle('is-busy', on);
  if (on) button?.setAttribute('aria-disabled', 'true'); else button?.removeAttribute('aria-disabled');
}
function forget(form) {
  mark(sent.get(form), false);
  sent.delete(form);
}
const forgetAll = () => [...sent.keys()].forEach(forget);

function send(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.getAttribute('method') !== 'post' || form.hasAttribute('target')) return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.set(form, submitter);
  mark(submitter, true);
  setTimeout(forget, PATIENCE, form);
}
// Heard after all others, those that come with a later script too: what one of them sends stays on the page, and is theirs.
addEventListener('submit', () => addEventListener('submit', send, { once: true }), true);
addEventListener('pageshow', forgetAll);
addEventListener('keydown', event => { if (event.key === 'Escape') forgetAll(); });
