// A part that the server draws anew while somebody writes in it (data-redrawn; its fields are known by their ids). What was
// typed since it was asked for stays, as does what was typed beside the form that was sent: all else is as the server has it.
// What is pressed meanwhile in a part that is morphed waits, and is pressed when the new one is there.
import { $$, toast } from './dom.js';
import { _ } from './words.js';

const fields = part => $$(':is(input,select,textarea)[id]', part).filter(field => !/^(hidden|file)$/.test(field.type));
const ticked = field => /^(checkbox|radio)$/.test(field.type);
const held = field => ticked(field) ? field.checked : field.value;
const drawn = field => {
  if (ticked(field)) return field.defaultChecked;
  if (field.localName !== 'select') return field.defaultValue;
  return ([...field.options].find(one => one.defaultSelected) ?? field.options[0])?.value ?? '';
};
function put(field, value) {
  if (held(field) === value) return false;   // the cursor stays where it is
  if (ticked(field)) field.checked = value; else field.value = value;
  return true;
}

const asked = new Map();   // by request: the id of the part, what its fields held, what was typed since, and what waits for it
const underWay = part => part && [...asked.values()].find(one => one.morphs && one.id === part.id);

document.addEventListener('htmx:config:request', event => {
  const { ctx } = event.detail, { sourceElement: source, sourceEvent: pressed, target: part } = ctx;
  if (!part?.matches?.('[data-redrawn]')) return;
  const other = underWay(part);
  if (other && pressed) {
    event.preventDefault();
    const again = new pressed.constructor(pressed.type, { bubbles: true, cancelable: true, submitter: pressed.submitter });
    other.waiting.push(() => source.isConnected && source.dispatchEvent(again));
    return;
  }
  const own = source.closest('form'), beside = field => own && field.form !== own;
  const before = new Map(fields(part).map(field => [field.id, beside(field) ? drawn(field) : held(field)]));
  asked.set(ctx, { id: part.id, morphs: /Morph/.test(ctx.swap), before, typed: new Map(), waiting: [] });
  part.ariaBusy = 'true';
});

addEventListener('submit', event => {
  const form = event.target, { submitter } = event, other = underWay(form.closest('[data-redrawn]'));
  if (!other || form.matches('[hx-get],[hx-post]') || submitter?.hasAttribute('hx-post')) return;   // those come by above
  event.preventDefault();
  event.stopImmediatePropagation();
  other.waiting.push(() => form.isConnected && form.requestSubmit(submitter?.isConnected ? submitter : null));
}, true);

document.addEventListener('htmx:before:swap', event => {
  const one = asked.get(event.detail.ctx), part = one && document.getElementById(one.id);
  if (!part) return;
  const since = fields(part).filter(field => one.before.has(field.id) && held(field) !== one.before.get(field.id));
  one.typed = new Map(since.map(field => [field.id, held(field)]));
});

document.addEventListener('htmx:after:swap', event => {
  const one = asked.get(event.detail.ctx), part = one && document.getElementById(one.id);
  if (!part) return;
  for (const field of fields(part)) {
    if (!one.typed.has(field.id)) put(field, drawn(field));
    else if (put(field, one.typed.get(field.id))) field.dispatchEvent(new Event('input', { bubbles: true }));   // what hangs on it follows
  }
});

document.addEventListener('htmx:finally:request', event => {
  const { ctx } = event.detail, one = asked.get(ctx), part = one && document.getElementById(one.id);
  asked.delete(ctx);
  if (part) part.ariaBusy = null;
  if (ctx.status === 'swapped') one?.waiting.forEach(press => press());
  else if (one?.waiting.length) toast(_('That did not work. Nothing was changed.'));   // on a form that never came, nothing is pressed
});

// What was typed or chosen before there was a script to hear it is answered now.
document.addEventListener('DOMContentLoaded', () => {
  for (const field of fields(document)) if (held(field) !== drawn(field) && field.closest('[hx-trigger]')) for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
});
