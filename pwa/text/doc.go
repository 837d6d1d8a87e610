// Package text is every word a person reads, in every language of the phone.
//
//	language := text.Choose("de-AT", "en")                         // text.German
//	language.Say(text.HeldFor, "time", "00:23")                    // at once
//	sentence := text.Say(text.LoginUnreachable, "server", "sip.example.com")
//	language.Tell(sentence)                                        // later, in the language of then
//
// A Key names a text. What stands in braces in it is filled with the names and values behind the key; of several forms,
// with "|" between them, the value of "count" chooses one as the language counts (PluralForm). A value that runs in the
// other direction than its sentence is isolated.
//
// Limits: the languages are those of Languages, and a text that one lacks is said in English. A value is filled in as it
// is: it is not escaped for HTML, which who shows it does.
package text
