/**
 * Input methods: who writes Japanese, Chinese or Korean makes each word of keys that only their input method understands.
 * No key of those is meant for the page, not even Enter.
 */

/**
 * Whether a key belongs to an input method. Safari fires the Enter that confirms a word after it says that the word is
 * made; by its code one knows it all the same.
 * @param {KeyboardEvent} event
 */
export function composes(event) {
  return event.isComposing || event.keyCode === 229;
}
