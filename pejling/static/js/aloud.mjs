/** Reads a screen's questions aloud, with a voice of its language that lives on the device. A voice
 * from the network would tell its owner what the class is asked about; none is used. */

/** The device's own voice for a language, if any.
 * @param {{lang: string, localService: boolean}[]} voices
 * @param {string} language of the page: "da", "pt-BR"
 */
export function own(voices, language) {
  const wanted = language.split("-")[0].toLowerCase();
  return voices.find((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === wanted);
}

/** What is read, part by part: a pause falls between two.
 * @param {Iterable<{textContent: string}>} parts
 */
export function sentences(parts) {
  return [...parts].map((one) => one.textContent.replace(/\s+/g, " ").trim()).filter(Boolean);
}

/** @param {HTMLButtonElement} root shown only where there is a voice; data-stop: what it says while it reads */
export default function aloud(root) {
  const voices = globalThis.speechSynthesis;
  if (!voices) return;
  const words = root.textContent;
  const voiceNow = () => own(voices.getVoices(), document.documentElement.lang);

  function ready() {
    root.hidden = !voiceNow();
  }

  function quiet() {
    voices.cancel();
    root.textContent = words;
    delete root.dataset.on;
  }

  root.addEventListener("click", () => {
    if (root.dataset.on) { quiet(); return; }
    quiet();
    const voice = voiceNow();
    const parts = sentences(document.querySelectorAll(".act__stem, .act h1, .act__time, .ask legend"));
    parts.forEach((part, place) => {
      const spoken = new SpeechSynthesisUtterance(part);
      Object.assign(spoken, { voice, lang: voice.lang, rate: 0.9 });
      if (place === parts.length - 1) spoken.onend = quiet;
      voices.speak(spoken);
    });
    root.textContent = root.dataset.stop;
    root.dataset.on = "1"; // its words say what a press does; a pressed state would say it twice
  });
  addEventListener("pagehide", () => voices.cancel());
  voices.addEventListener?.("voiceschanged", ready); // some browsers load them late
  ready();
}
