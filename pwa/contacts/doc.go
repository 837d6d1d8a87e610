// Package contacts holds the people to call: a Book of them, ready to be searched, and what reads and writes them.
//
//	book, err := contacts.Load(ctx, medium, "contacts", cfg.Numbering, nil)
//	desk, change, err := book.Add(contacts.Contact{Name: "Front Desk", Numbers: []contacts.Number{{Number: "1001"}}})
//	who, number, ok := book.Caller("+442079460000")
//	found := book.Search("fro de", 10)
//	err = book.Save(ctx, medium, "contacts")
//
// Every change can be taken back by Undo. ReadFile reads a file of contacts (ReadCSV a table, whose columns may be told
// another way, ReadVCards cards), Import puts them into the book. ReadPhonebook reads the company's, SetPhonebook shows it
// beside the user's own. News and Join take over what another page has made of the book.
//
// What takes long takes a function that is called again and again meanwhile, so that others may run; it may be nil.
// Limits: Max contacts, MaxNumbers numbers of each, files up to MaxFile. A Book belongs to one goroutine.
package contacts
