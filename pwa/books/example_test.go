package books_test

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Books open when the screen of a snapshot becomes the phone. What takes its time comes back as news for Follow.
func ExampleBooks_Follow() {
	came := make(chan books.News, 1)
	b := books.New(books.Options{Now: time.Now, Post: func(n books.News) { came <- n }})
	var card screen.Snapshot
	phone := card
	phone.Screen, phone.Account.User, phone.Account.Server = screen.ScreenPhone, "1001", "sip.example.com"
	s := b.Follow(card, phone, screen.Login{})
	s = b.Follow(s, s, <-came) // the stored contacts and calls
	for _, e := range []screen.Event{screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab"}}} {
		s = b.Follow(s, s, e)
	}
	fmt.Println(s.Contacts.Chosen.Name, s.Contacts.Total)
	// Output: Lab 1
}

func ExampleFill() {
	book := contacts.NewBook(config.Numbering{})
	book.Add(contacts.Contact{Name: "Lab", Numbers: []contacts.Number{{Number: "2001"}}})
	calls := history.New()
	calls.Add(history.Entry{Number: "2001", Start: time.Now()})
	var s screen.Snapshot
	s.List = screen.PageHistory
	s = books.Fill(s, book, calls)
	fmt.Println(s.History.Days[0].Lines[0].Name)
	// Output: Lab
}
