package contacts

import (
	"slices"
	"strings"
	"testing"
)

// TestHeadersSayWhatStandsBelow reads headers of programs in several languages, and of nobody.
func TestHeadersSayWhatStandsBelow(t *testing.T) {
	for column, list := range map[Column]string{
		ColumnName: "Full Name|Display name|display_name|DisplayName|File As|Anzeigename|Nom complet|Nombre " +
			"completo|Volledige naam|" +
			"Nome visualizzato|Имя и фамилия|الاسم|Contact Name",
		ColumnGiven: "First Name|FIRST NAME|first_name|firstName|Given Name|Vorname|Prénom|Voornaam|Primer nombre|Имя|الاسم " +
			"الأول",
		ColumnFamily: "Last Name|Surname|family_name|Nachname|Familienname|Apellidos|Cognome|Achternaam|" +
			"Nom de famille|Фамилия|Sn",
		ColumnOrganisation: "Company|Organization|Organisation|Organization " +
			"Name|Firma|Unternehmen|Société|Empresa|Azienda|Bedrijf|" +
			"Organization 1 - Name|Компания|الشركة|Associated Company",
		ColumnCustomer: "Customer|Client|Account|Account Name|Kunde|Cliente",
		ColumnType:     "Type|Typ|Tipo|Contact type",
		ColumnCategory: "Category|Categories|Kategorien|Group Membership|Labels|Grupo|tags|Catégorie",
		ColumnNumber: "Phone|Phone 1 - Value|phone_1_number|Mobile Phone|Mobiltelefon|Telefon|Telefonnummer|" +
			"Telefon geschäftlich|" +
			"Téléphone|Téléphone mobile|Teléfono|Móvil|Celular|Cellulare|Portable|Number|Rufnummer|Handy|SIP|Home Phone " +
			"2|workphone|" +
			"telephoneNumber|Telefon (privat)|Номер|Мобильный телефон|هاتف|رقم|Primary Phone|Car " +
			"Phone|Pager|Callback|ISDN|Business Phone|" +
			"Other Mobile|Nummer|Telefoon|Tel.|phoneNumber",
		ColumnExtension: "Extension|Ext|Ext.|Nebenstelle|Durchwahl|Phone extension|Work ext|Anexo|Interno",
		ColumnNumberName: "Phone 1 - Type|Phone 1 - Label|Number name|Phone Type|phone_label|Label|Telefontyp|Tipo de " +
			"teléfono|Mobile Type",
		ColumnIgnored: "|1|---|Fax|Work Fax|Telefax|Home Fax|Faxnummer|E-mail|E-mail Address|Street|Straße|Postal " +
			"Code|PLZ|Zip|Country|" +
			"Country code|Birthday|Notes|Web Page|ID|Contact ID|Customer number|Kundennummer|Account number|Phonetic Name|" +
			"Phone flags|Speed dial number|Address 1 - Type|Title|Gender|Foo|Phone count|Number of calls|Times called|Line " +
			"number|Name|Nom|" +
			"Nombre|Naam|Email type|Box Label|Business Type|Work Label",
	} {
		for header := range strings.SplitSeq(list, "|") {
			if got, _ := columnOf(header); got != column {
				t.Errorf("below %q stands %q, want %q", header, got, column)
			}
		}
	}
}

// TestHowSureAHeaderIs tells headers that say where from those that say what.
func TestHowSureAHeaderIs(t *testing.T) {
	for how, list := range map[sureness]string{
		sure:     "Phone|Work phone|Full name|Phone type|Work ext",
		possible: "Work|Home|Business|Main 2|Home 1|Geschäftlich|Bureau|Primary|Work Home|Car",
		against:  "Fax|Email|Work address|Customer number|Email type|Box label|Foo type|Faxgerät",
		silent:   "|1|Foo|Work foo|Gender|Foo work",
	} {
		for header := range strings.SplitSeq(list, "|") {
			if _, got := columnOf(header); got != how {
				t.Errorf("%q says %d, want %d", header, got, how)
			}
		}
	}
}

func TestHeaderWords(t *testing.T) {
	for header, want := range map[string]string{
		"": "", "Phone": "phone", "Phone 1 - Value": "phone 1 value", "phone_1_number": "phone 1 number",
		"telephoneNumber": "telephone number",
		"PHONE":           "phone", "phone1": "phone 1", "1phone": "1 phone", "phone12a": "phone 12 a", "_phone_": "phone",
		"Straße/Nr.":     "strasse nr",
		"WorkPhone2Home": "work phone 2 home", "E-mail": "e mail", "ÜberNummer": "uber nummer", "iPhone": "i phone",
	} {
		if got := strings.Join(headerWords(header), " "); got != want {
			t.Errorf("%q has the words %q, want %q", header, got, want)
		}
	}
	for header, want := range map[string]string{"Phone 1 - Value": "phone 1", "Phone 1 - Label": "phone 1", "Phone": "", "": "",
		"a b c": "a b"} {
		if got := stem(header); got != want {
			t.Errorf("%q has the stem %q, want %q", header, got, want)
		}
	}
}

// TestEveryKnownHeaderIsKnownInEachWayOfWriting writes what the tables know in capitals, with digits and with underscores.
func TestEveryKnownHeaderIsKnownInEachWayOfWriting(t *testing.T) {
	for header, column := range columnHeaders {
		for _, text := range []string{header, strings.ToUpper(header), " " + header + " ", strings.ReplaceAll(header, " ", "_"),
			strings.ReplaceAll(header, " ", "-"), header + " 2", header + ":"} {
			if got, how := columnOf(text); got != column || how != sure {
				t.Errorf("%q is %q with %d, want %q", text, got, how, column)
			}
		}
	}
	for word := range phoneWords {
		if otherWords[word] || places[word] {
			t.Errorf("%q says phone, and something else", word)
		}
	}
	if !slices.Contains(Columns(), ColumnIgnored) || len(Columns()) != 11 {
		t.Errorf("columns %v", Columns())
	}
}

// TestColumnsOfTables guesses all columns of a table at once: what a header says hangs on the others, and on what stands below.
func TestColumnsOfTables(t *testing.T) {
	for name, c := range map[string]struct {
		table  string
		header bool
		want   string
	}{
		"name beside first":    {"First Name,Name,Phone\nAnn,Lee,1001\n", true, "given name,family name,number"},
		"name alone":           {"Name,Phone\nAnn Lee,1001\n", true, "name,number"},
		"nombre beside family": {"Nombre,Apellidos,Teléfono\nAna,Ruiz,1001\n", true, "given name,family name,number"},
		"nombre alone":         {"Nombre,Teléfono\nAna Ruiz,1001\n", true, "name,number"},
		"three names": {"Name,First Name,Last Name,Phone\nAnn Lee,Ann,Lee,1001\n", true,
			"name,given name,family name,number"},
		"twice": {"Name,Company,Organization,Phone\nAnn,A,B,1001\n", true, "name,organisation,,number"},
		"numbers as often": {"Name,Phone,Phone,Extension,Ext\nAnn,1001,1002,3,4\n", true,
			"name,number,number,extension,extension"},
		"place with numbers":     {"Name,Business,Home\nAnn,+442079460000,London\n", true, "name,number,"},
		"phone without numbers":  {"Name,Phone,Phone preference\nAnn,1001,evenings please\n", true, "name,number,"},
		"users below number":     {"Name,Number\nAnn,ann\nBen,ben\n", true, "name,number"},
		"number without a word":  {"Name,Foo\nAnn,+442079460000\n", true, "name,number"},
		"foo is no number":       {"Name,Foo\nAnn,2026-11-30\n", true, "name,"},
		"foo with short ones":    {"Name,Foo\nAnn,12345\n", true, "name,"},
		"foo beside phone":       {"Name,Foo,Phone\nAnn,+442079460000,1001\n", true, "name,,number"},
		"foo, one is none":       {"Name,Foo\nAnn,+442079460000\nBen,x\n", true, "name,"},
		"no header":              {"Ann Lee,+442079460000,10115\nBen,+442079460001,10117\n", false, "name,number,"},
		"no header, short":       {"1001,Ann Lee\n1002,Ben\n", false, "number,name"},
		"no header, two numbers": {"Ann,+442079460000,+442079460001\n", false, "name,number,number"},
		"no header, text twice":  {"Ann,London,1001\nBen,Paris,1002\n", false, "name,,number"},
		"a number in the header": {"Name,1001\nAnn,1002\n", false, "name,number"},
		"one row, a place":       {"Ann,Home\n", false, "name,"},
		"only a header":          {"Name,Phone\n", true, "name,number"},
	} {
		table, err := ReadCSV([]byte(c.table), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, column := range table.Columns {
			got = append(got, string(column))
		}
		if strings.Join(got, ",") != c.want || table.Header != c.header {
			t.Errorf("%s: header %t, columns %q, want %t and %q", name, table.Header, strings.Join(got, ","), c.header, c.want)
		}
	}
}

// TestHeaderCanBeSwitched says of a table that its first row is a header, and that it is none.
func TestHeaderCanBeSwitched(t *testing.T) {
	table, err := ReadCSV([]byte("Name,Phone\nAnn,1001\nBen,1002\n"), nil)
	if err != nil || !table.Header || table.Title(1) != "Phone" || table.Title(2) != "" || len(table.Preview(9)) != 2 {
		t.Fatalf("%+v, %v", table, err)
	}
	table.SetHeader(false)
	list, _ := table.Contacts(nil)
	if table.Title(1) != "" || len(table.Preview(1)) != 1 || table.Preview(9)[0][0] != "Name" || len(list) != 3 ||
		list[0].Name != "Name" {
		t.Errorf("without a header: %+v, %+v", table, list)
	}
	table.SetHeader(true)
	if list, faults := table.Contacts(nil); len(list) != 2 || list[0].Name != "Ann" || len(faults) != 0 {
		t.Errorf("with it again: %+v, %v", list, faults)
	}
	long, err := ReadCSV([]byte("Name,Phone "+strings.Repeat("x", 500)+"\u202e\nAnn,1001\n"), nil)
	if err != nil || len(long.Title(1)) != maxTitle {
		t.Errorf("a title of %d characters, %v", len(long.Title(1)), err)
	}
}
