// Where the site lives: the folder of this script. Every address is made from it, so the site works in any folder.

const base = new URL('./', document.currentScript.src);

function address(name) { return new URL(name, base).href; }
