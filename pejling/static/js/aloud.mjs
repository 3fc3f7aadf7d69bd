/** Reads a screen's questions aloud, with a Danish voice that lives on the device. A voice
 * from the network would tell its owner what the class is asked about; none is used. */

/** The device's own Danish voice, if any.
 * @param {{lang: string, localService: boolean}[]} voices
 */
export function danish(voices) {
  return voices.find((one) => one.localService && /^da(-|_|$)/i.test(one.lang));
}

/** What is read, part by part: a pause falls between two.
 * @param {Iterable<{textContent: string}>} parts
 */
export function sentences(parts) {
  return [...parts].map((one) => one.textContent.replace(/\s+/g, " ").trim()).filter(Boolean);
}

/** @param {HTMLButtonElement} root shown only where there is a voice */
export default function aloud(root) {
  const voices = globalThis.speechSynthesis;
  if (!voices) return;
  const words = root.textContent;

  function ready() {
    root.hidden = !danish(voices.getVoices());
  }

  function quiet() {
    voices.cancel();
    root.textContent = words;
    delete root.dataset.on;
  }

  root.addEventListener("click", () => {
    if (root.dataset.on) { quiet(); return; }
    quiet();
    const voice = danish(voices.getVoices());
    const parts = sentences(document.querySelectorAll(".act__stem, .act h1, .act__time, .ask legend"));
    parts.forEach((part, place) => {
      const spoken = new SpeechSynthesisUtterance(part);
      Object.assign(spoken, { voice, lang: voice.lang, rate: 0.9 });
      if (place === parts.length - 1) spoken.onend = quiet;
      voices.speak(spoken);
    });
    root.textContent = "Stop";
    root.dataset.on = "1"; // its words say what a press does; a pressed state would say it twice
  });
  addEventListener("pagehide", () => voices.cancel());
  voices.addEventListener?.("voiceschanged", ready); // some browsers load them late
  ready();
}
