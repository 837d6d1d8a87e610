package contacts

import (
	"fmt"
	"testing"
)

func TestImport(t *testing.T) {
	file := []Contact{
		{Name: "FRONT DESK", Organisation: "Example Clinic", Numbers: []Number{{Number: "1009"}}}, // same name
		// same number, somebody else
		{Name: "Reception", Numbers: []Number{{Number: "020 7946 0000"}}},
		{Name: "Front desk", Organisation: "Example Clinic", Numbers: []Number{{Number: "020 7946 0000"}}}, // both
		{Name: "Lab", Numbers: []Number{{Number: "3000"}}},
		{Name: "LAB", Numbers: []Number{{Number: "3000"}, {Number: "3001"}}}, // twice in the file
		{}, // nothing
	}
	for _, c := range []struct {
		policy Policy
		want   Imported
		names  string
	}{
		{Skip, Imported{Added: 2, Skipped: 3, Left: 1}, "Front Desk, Lab, Reception"},
		{Merge, Imported{Added: 2, Merged: 2, Skipped: 1, Left: 1}, "Front Desk, Lab, Reception"},
		{KeepBoth, Imported{Added: 5, Left: 1}, "FRONT DESK, Front Desk, Front desk, LAB, Lab, Reception"},
	} {
		b := bookOf(t, withNumber("Front Desk", "+44 20 7946 0000"))
		if dup := b.Duplicates(file, nil); len(dup) != 2 || dup[0].ByNumber || !dup[1].ByNumber {
			t.Errorf("duplicates %+v", dup)
		}
		before := fmt.Sprint(b.All())
		got, change := b.Import(file, c.policy, nil)
		if got != c.want || contactNames(b.All()) != c.names {
			t.Errorf("policy %d: %+v, %s, want %+v, %s", c.policy, got, contactNames(b.All()), c.want, c.names)
		}
		if c.policy == Merge {
			desk, lab := b.Search("front", 1)[0], b.Search("lab", 1)[0]
			if desk.Organisation != "Example Clinic" || len(desk.Numbers) != 2 || len(lab.Numbers) != 2 {
				t.Errorf("merged %+v, %+v", desk, lab)
			}
			if who, _, _ := b.Caller("1009"); who.Name != "Front Desk" {
				t.Error("a merged number finds nobody")
			}
		}
		if b.Undo(change); fmt.Sprint(b.All()) != before {
			t.Errorf("policy %d: after undo %v, want %v", c.policy, b.All(), before)
		}
	}
}

func TestAnotherExtensionIsAnotherContact(t *testing.T) {
	b := bookOf(t, withNumber("Main", "+44 20 7946 0000"))
	desk := Contact{Name: "Front Desk", Numbers: []Number{{Number: "+44 20 7946 0000", Extension: "12"}}}
	if dup := b.Duplicates([]Contact{desk}, nil); len(dup) != 0 {
		t.Errorf("an extension of a known number is taken for the contact of the number: %+v", dup)
	}
}

// TestPeopleWhoShareANumberAreThemselves imports three people who have the number of a contact's switchboard.
func TestPeopleWhoShareANumberAreThemselves(t *testing.T) {
	main := func(name, organisation string) Contact {
		return Contact{Name: name, Organisation: organisation, Numbers: []Number{{Name: "Work", Number: "020 7946 0000"}}}
	}
	for _, policy := range []Policy{Skip, Merge, KeepBoth} {
		b := bookOf(t, withNumber("Example Clinic", "+442079460000"))
		file := []Contact{main("Ann Lee", ""), main("Ben Lee", ""), main("Cem Öz", "")}
		if dup := b.Duplicates(file, nil); len(dup) != 0 {
			t.Errorf("policy %d: taken for others: %+v", policy, dup)
		}
		if done, _ := b.Import(file, policy, nil); done.Added != 3 || b.Len() != 4 {
			t.Errorf("policy %d: %+v, %s", policy, done, contactNames(b.All()))
		}
		for _, c := range b.All() {
			if len(c.Numbers) != 1 {
				t.Errorf("policy %d: %s has the numbers %v", policy, c.Name, c.Numbers)
			}
		}
	}
	b := bookOf(t, main("Ann Lee", "Example Clinic"), withNumber("Ann Lee", "2001"))
	for _, c := range []struct {
		why      string
		contact  Contact
		found    bool
		byNumber bool
	}{
		{"same name and number", withNumber("ann lee", "00442079460000"), true, true},
		{"the second of that name", withNumber("Ann Lee", "2001"), true, true},
		{"same name, another number", withNumber("Ann Lee", "2002"), true, false},
		{"same name and number, another organisation", main("Ann Lee", "Depot"), true, true},
		{"same number", withNumber("Reception", "020 7946 0000"), false, false},
	} {
		dup := b.Duplicates([]Contact{c.contact}, nil)
		if len(dup) > 0 != c.found || c.found && dup[0].ByNumber != c.byNumber {
			t.Errorf("%s: %+v", c.why, dup)
		}
	}
	apart := bookOf(t, main("Ann Lee", "Example Clinic"))
	if dup := apart.Duplicates([]Contact{{Name: "Ann Lee", Organisation: "Depot", Numbers: []Number{{Number: "4001"}}}},
		nil); len(dup) != 0 {
		t.Errorf("two people of one name in two organisations are one: %+v", dup)
	}
}

func TestImportMergesIntoWhatItHasAdded(t *testing.T) {
	b := bookOf(t, withNumber("Front Desk", "1001"))
	before := fmt.Sprint(b.All())
	done, change := b.Import([]Contact{withNumber("Front Desk", "1002"), withNumber("Front Desk", "1003"), withNumber("Lab", "1"),
		withNumber("Lab", "2"), withNumber("Lab", "2")}, Merge, nil)
	if done != (Imported{Added: 1, Merged: 3, Skipped: 1}) || contactNames(b.All()) != "Front Desk, Lab" ||
		len(b.All()[0].Numbers) != 3 || len(b.All()[1].Numbers) != 2 {
		t.Errorf("%+v: %+v", done, b.All())
	}
	if len(change.Before) != 1 || len(change.After) != 2 {
		t.Errorf("changed %+v", change)
	}
	if b.Undo(change); fmt.Sprint(b.All()) != before {
		t.Errorf("after undo %v, want %s", b.All(), before)
	}
}

func TestImportLeavesWhatTheBookCannotHold(t *testing.T) {
	b := bookOf(t)
	list := make([]Contact, Max+7)
	for i := range list {
		list[i].Name = fmt.Sprint(i)
	}
	if done, _ := b.Import(list, KeepBoth, nil); done != (Imported{Added: Max, Left: 7}) || b.Len() != Max {
		t.Errorf("%+v, %d contacts", done, b.Len())
	}
	if done, _ := b.Import([]Contact{{Name: "1", Organisation: "Merged"}, {Name: "New"}}, Merge,
		nil); done != (Imported{Merged: 1, Left: 1}) {
		t.Errorf("a full book: %+v", done)
	}
}
