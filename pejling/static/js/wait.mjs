/** The waiting page asks whether there is something to do, and stays as it is while the network
 * is away: a page that reloads itself would end on the browser's own error page. */

const LONGEST_MS = 30_000;

/** Pause before the next question, in ms: doubles with each failure in a row.
 * @param {number} seconds between two questions while all is well
 * @param {number} failures
 */
export function pause(seconds, failures) {
  return Math.min(LONGEST_MS, seconds * 1000 * 2 ** failures);
}

/** @param {HTMLElement} root data-state: what the page shows; data-seconds; data-page; data-away: what to say without a network; its text says how it goes */
export default function wait(root) {
  const said = root.textContent;
  let failures = 0, timer = 0;

  async function ask() {
    clearTimeout(timer);
    try {
      const answer = await fetch(root.dataset.page, {
        cache: "no-store", headers: { "If-None-Match": root.dataset.state },
      });
      // Whatever is new, an end of the session too, is a page of the server's own.
      if (answer.status !== 304 && answer.status < 500) return location.assign(root.dataset.page);
      failures = answer.status === 304 ? 0 : failures + 1;
      root.textContent = said;
    } catch {
      failures += 1;
      root.textContent = root.dataset.away;
    }
    timer = setTimeout(ask, pause(Number(root.dataset.seconds), failures));
  }

  timer = setTimeout(ask, pause(Number(root.dataset.seconds), 0));
  addEventListener("online", ask);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
}
