package phone_test

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
)

var plan = config.Numbering{Country: "44", Trunk: "0", International: "00"}

func ExampleBook() {
	book := phone.NewBook(plan)
	desk, _, err := book.Add(phone.Contact{Name: "Front Desk", Numbers: []phone.ContactNumber{{Name: "Work", Number: "020 7946 0000"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	caller, number, _ := book.Caller("+442079460000")
	fmt.Println(caller.Name, number.Name, len(book.Search("fro de", 10)))
	change, err := book.Delete(desk.ID)
	fmt.Println(book.Len(), err)
	book.Undo(change)
	fmt.Println(book.Len())
	// Output:
	// Front Desk Work 1
	// 0 <nil>
	// 1
}

func ExampleReadCSV() {
	table, err := phone.ReadCSV([]byte("Name;Telefon\nFront Desk;1001\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Header, table.Columns, table.Preview(3))
	contacts, _ := table.Contacts()
	book := phone.NewBook(plan)
	done, _ := book.Import(contacts, phone.ImportMerge)
	fmt.Println(done.Added)
	// Output:
	// true [name number] [[Front Desk 1001]]
	// 1
}

func ExampleHistory() {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h := phone.NewHistory()
	h.Add(phone.EntryOf(ua.CallInfo{ID: "1", Direction: ua.Outgoing, Dialled: "1001", Started: at}))
	h.Add(phone.EntryOf(ua.CallInfo{ID: "2", Direction: ua.Incoming, Remote: ua.Address{User: "1002"}, Started: at.Add(time.Hour)}))
	fmt.Println(h.Missed(), h.Redial(1)[0].Number)
	for _, day := range phone.GroupDays(h.Entries(), time.UTC, plan) {
		fmt.Println(day.Date.Format(time.DateOnly), len(day.Groups))
	}
	// Output:
	// 1 1001
	// 2026-03-02 2
}
