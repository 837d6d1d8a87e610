// Package browser is what a page of a browser gives the phone behind it: put it into phone.Options.
//
//	p := phone.New(phone.Options{
//		Config: cfg, // read from Config
//		Keep:   browser.Values(), Store: browser.Documents(), Vault: browser.Vault(),
//		Safe:   browser.Safe(), Seats: browser.Seats(), Outlive: browser.Outlive,
//		Fetch:  browser.Fetch, Pause: browser.Pause, Trace: browser.Trace, Complain: browser.Warn,
//	})
//
// Documents lie in IndexedDB, the secret of the vault beside them under a key that the browser does not give out, as does what a
// page leaves to the next one, and settings in the local storage. Nothing of the window is here: what is seen, heard and typed
// there belongs to package ui.
//
// Limits: natively the package is empty; the options' own defaults serve there. What a browser lacks or forbids is an error
// of the call, nil or memory, never a panic.
package browser
