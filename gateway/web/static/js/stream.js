// A stream of server-sent events that comes back by itself. `tell(kind, data, id)` hears `open`, `lost` and `signed-out` besides
// what the server says. Used by the worker that all pages of a browser share, and by a page itself where there are no such workers.
const SAID = ['change', 'reload', 'draft', 'presence'];

export function listen(after, tell) {
  let source = null, position = after, tries = 0, again = 0;

  function fail() {
    tell('lost');
    if (source.readyState !== EventSource.CLOSED) return;   // the browser tries again by itself
    tries += 1;
    clearTimeout(again);
    again = setTimeout(async () => {
      const here = await fetch('/live/me', { headers: { 'HX-Request': 'true' } }).catch(() => null);
      if (here?.status === 401 || here?.redirected) tell('signed-out'); else open();
    }, Math.min(30_000, 500 * 2 ** tries));
  }
  function open() {
    clearTimeout(again);
    source?.close();
    source = new EventSource(`/live?after=${encodeURIComponent(position)}`);
    source.addEventListener('open', () => { tries = 0; tell('open'); });
    source.addEventListener('error', fail);
    for (const kind of SAID) source.addEventListener(kind, event => {
      position = event.lastEventId || position;
      tell(kind, event.data, event.lastEventId);
    });
  }
  open();
  return {
    close() { clearTimeout(again); source.close(); },
    rest() { if (source.readyState === EventSource.CLOSED) return; source.close(); fail(); },
    wake() { if (source.readyState === EventSource.CLOSED) open(); },
    get isOpen() { return source.readyState === EventSource.OPEN; },
  };
}
