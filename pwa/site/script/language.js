// What the page says before the program can speak for itself: messages, which the build makes from pwa/text.

// chosen returns a setting that the phone has kept in this browser, or an empty text.
function chosen(name) {
  try {
    return localStorage.getItem('webphone.' + name) || '';
  } catch {
    return ''; // switched off by the user
  }
}

// language is the one chosen in the phone, or the first of the user's languages that there are messages for.
function language() {
  for (const tag of [chosen('language'), ...(navigator.languages || [navigator.language])]) {
    const code = String(tag).toLowerCase().split('-')[0];
    if (Object.hasOwn(messages, code)) return code;
  }
  return 'en';
}

const lang = language();

function say(key) { return messages[lang][key]; }
