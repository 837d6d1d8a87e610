package contacts_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
)

var plan = config.Numbering{Country: "44", Trunk: "0", International: "00"}

func ExampleBook() {
	book := contacts.NewBook(plan)
	desk, _, err := book.Add(contacts.Contact{Name: "Front Desk",
		Numbers: []contacts.Number{{Name: "Work", Number: "020 7946 0000"}}})
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
	table, err := contacts.ReadCSV([]byte("Name;Telefon\nFront Desk;1001\n"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Header, table.Columns, table.Preview(3))
	list, _ := table.Contacts(nil)
	book := contacts.NewBook(plan)
	done, _ := book.Import(list, contacts.Merge, nil)
	fmt.Println(done.Added)
	// Output:
	// true [name number] [[Front Desk 1001]]
	// 1
}
