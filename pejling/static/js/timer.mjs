/** A timer for the talk in pairs, on the teacher's own screen. It makes no sound: the
 * class is not startled, and the teacher decides when to gather it. */

/** Time left as it is read: 125 s is "2:05"; never below 0.
 * @param {number} seconds
 */
export function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** @param {HTMLElement} root buttons carry data-seconds, one data-stop */
export default function timer(root) {
  const left = root.querySelector(".timer__left");
  const told = root.querySelector("[data-told]");
  const stop = root.querySelector("[data-stop]");
  let ends = 0, ticking = 0;
  root.hidden = false;

  function tick() {
    const seconds = (ends - performance.now()) / 1000;
    left.textContent = clock(seconds);
    if (seconds <= 0) end("Tiden er gået");
  }

  function end(words) {
    clearInterval(ticking);
    ticking = 0;
    stop.hidden = true;
    root.classList.toggle("timer--over", words !== "");
    told.textContent = words;
  }

  root.addEventListener("click", (event) => {
    const { seconds } = event.target.closest("button")?.dataset ?? {};
    if (event.target.closest("[data-stop]")) return end("");
    if (!seconds) return;
    end("");
    ends = performance.now() + 1000 * Number(seconds);
    stop.hidden = false;
    ticking = setInterval(tick, 250);
    tick();
  });
}
