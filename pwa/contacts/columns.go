package contacts

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gowebphone/webphone/pwa/number"
)

// Column is what a column of a table holds.
type Column string

const (
	ColumnIgnored      Column = ""
	ColumnName         Column = "name"
	ColumnCustomer     Column = "customer"
	ColumnGiven        Column = "given name"
	ColumnFamily       Column = "family name"
	ColumnOrganisation Column = "organisation"
	ColumnType         Column = "type"
	ColumnCategory     Column = "category"
	ColumnNumber       Column = "number" // may come several times; the header is the name of the number
	ColumnExtension    Column = "extension"
	ColumnNumberName   Column = "number name" // of the number beside it
)

// Columns lists what a column can hold.
func Columns() []Column {
	return []Column{ColumnIgnored, ColumnName, ColumnGiven, ColumnFamily, ColumnOrganisation, ColumnCustomer, ColumnType,
		ColumnCategory,
		ColumnNumber, ColumnExtension, ColumnNumberName}
}

// columnHeaders are what spreadsheets, address books and other telephones call a column, folded, without digits.
var columnHeaders = headers(map[Column]string{
	ColumnName: "full name|fullname|display name|displayname|contact|contact name|file as|nombre completo|anzeigename|" +
		"nom complet|nombre para mostrar|" +
		"nom a afficher|volledige naam|nome completo|nome visualizzato|vollstandiger name|real name|realname|cn|" +
		"имя и фамилия|الاسم",
	ColumnGiven: "first name|firstname|given name|givenname|given|fname|vorname|prenom|voornaam|nome proprio|" +
		"primer nombre|first|имя|الاسم الاول",
	ColumnFamily: "last name|lastname|family name|familyname|family|surname|lname|nachname|familienname|apellidos|" +
		"apellido|cognome|achternaam|sobrenome|" +
		"nom de famille|last|sn|фамилия|اسم العائله",
	ColumnOrganisation: "organisation|organization|organisation name|organization name|company|company name|" +
		"associated company|primary associated company|" +
		"firma|unternehmen|empresa|org|entreprise|societe|organizacion|organisatie|bedrijf|azienda|societa|организация|" +
		"компания|الشركه",
	ColumnCustomer: "customer|client|account|account name|kunde|cliente",
	ColumnType:     "type|typ|tipo|contact type",
	ColumnCategory: "category|categories|group|groups|group membership|labels|kategorie|kategorien|categoria|" +
		"categorias|categorie|gruppe|grupo|tags",
	ColumnNumberName: "number name|number type|label|phone type|phone label|telefontyp|tipo de telefono|type de telephone",
	ColumnExtension:  "extension|ext|nebenstelle|durchwahl|phone extension|anexo|poste|interno",
})

func headers(lists map[Column]string) map[string]Column {
	all := map[string]Column{}
	for column, list := range lists {
		for name := range strings.SplitSeq(list, "|") {
			all[name] = column
		}
	}
	return all
}

// nameHeaders mean the whole name or a part of it, which the other columns tell: beside given names they are the family name.
var (
	nameHeaders  = []string{"name", "nom", "naam", "nome"}
	givenHeaders = []string{"nombre", "nome"} // beside family names
)

// Words of a header that make a column one of numbers, and words that say that its numbers are none to call.
var (
	phoneWords = words("phone|phones|telephone|tel|mobile|cell|cellphone|cellular|sip|telefon|mobil|handy|rufnummer|" +
		"nummer|numero|telefono|movil|celular|" +
		"telefone|telemovel|cellulare|portable|gsm|telefoon|mobiel|number|numbers|callback|isdn|pager|rufnr|telnr|" +
		"office number|fon|номер|телефон|мобильныи|رقم|هاتف|جوال|الهاتف|phonenumber")
	// places are where a number may be; they name numbers only where such stand below them.
	places = words("work|home|business|other|main|direct|private|office|company|assistant|car|radio|primary|" +
		"geschaftlich|privat|dienstlich|zentrale|" +
		"bureau|domicile|trabajo|casa|particular|lavoro|ufficio|werk|thuis")
	otherWords = words("fax|telefax|telecopie|facsimile|mail|email|address|adresse|direccion|anschrift|street|strasse|" +
		"rue|calle|city|ort|stadt|ville|ciudad|" +
		"zip|zipcode|postal|postcode|postleitzahl|plz|code|country|land|region|pays|pais|state|province|id|box|date|" +
		"datum|fecha|birthday|year|month|day|" +
		"time|times|count|of|flags|speeddial|speed|locale|url|web|website|page|status|score|owner|customer|account|" +
		"invoice|order|record|member|" +
		"employee|tax|vat|government|house|notes|note|line|lines|ring|priority|title|language|created|modified|" +
		"activity|name|names|kunden|zone")
)

func words(list string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.SplitSeq(list, "|") {
		all[word] = true
	}
	return all
}

// A header says more or less surely that numbers stand below it.
type sureness uint8

const (
	silent   sureness = iota // says nothing
	against                  // says that what looks like a number is another one
	possible                 // says where: "Business"
	sure                     // says phone
)

// headerWords are the folded words of a header, also those written together: "telephoneNumber", "phone_1_number".
func headerWords(header string) []string {
	var b strings.Builder
	var last rune
	for _, r := range header {
		if unicode.IsUpper(r) && unicode.IsLower(last) || unicode.IsDigit(r) != unicode.IsDigit(last) {
			b.WriteByte(' ')
		}
		if b.WriteRune(r); r == '_' {
			b.WriteByte(' ')
		}
		last = r
	}
	return strings.Fields(number.Fold(strings.ReplaceAll(b.String(), "_", " ")))
}

func isDigits(word string) bool { return strings.Trim(word, "0123456789") == "" }

// stem is a header without its last word and without digits: what the label and the number of one phone share.
func stem(header string) string {
	fields := headerWords(header)
	return strings.Join(fields[:max(0, len(fields)-1)], " ")
}

// columnOf is what a header alone says about its column.
func columnOf(header string) (Column, sureness) {
	fields := headerWords(header)
	named := slices.DeleteFunc(slices.Clone(fields), isDigits)
	if c, ok := columnHeaders[strings.Join(named, " ")]; ok {
		return c, sure
	}
	if len(named) == 0 {
		return ColumnIgnored, silent
	}
	how := numberHeader(named)
	switch last := named[len(named)-1]; last {
	case "type", "label", "typ", "tipo":
		if how == sure {
			return ColumnNumberName, sure // "Phone 1 - Type"
		}
		return ColumnIgnored, against
	case "extension", "ext":
		return ColumnExtension, sure
	}
	if how == sure {
		return ColumnNumber, sure
	}
	return ColumnIgnored, how
}

func numberHeader(named []string) sureness {
	how, place := silent, true
	for _, word := range named {
		switch {
		case otherWords[word] || strings.Contains(word, "fax"):
			return against
		case phoneWords[word] || phoneCompound(word):
			how = sure
		case !places[word]:
			place = false
		}
	}
	if how == silent && place {
		return possible
	}
	return how
}

// phoneCompound takes words written together, as German does: "Mobiltelefon", "Telefonnummer", "workphone".
func phoneCompound(word string) bool {
	if strings.HasPrefix(word, "phonetic") {
		return false
	}
	return strings.Contains(word, "telefon") || strings.Contains(word, "phone") || strings.HasPrefix(word, "rufnummer")
}

// put writes a cell into a contact; numbers go in by Table.contact, but for phonebooks, where they stand alone.
func (c Column) put(contact *Contact, text string) {
	switch c {
	case ColumnName:
		contact.Name = text
	case ColumnCustomer:
		contact.Customer = text
	case ColumnGiven:
		contact.Given = text
	case ColumnFamily:
		contact.Family = text
	case ColumnOrganisation:
		contact.Organisation = text
	case ColumnType:
		contact.Type = text
	case ColumnCategory:
		contact.Category = firstCategory(text)
	case ColumnNumber:
		contact.Numbers = append(contact.Numbers, Number{Number: text})
	case ColumnExtension:
		if len(contact.Numbers) > 0 {
			contact.Numbers[len(contact.Numbers)-1].Extension = text
		}
	}
}

// several separates values in one cell of Google's tables.
const several = ":::"

// firstCategory leaves out the groups that an address book made itself ("* myContacts").
func firstCategory(text string) string {
	for group := range strings.SplitSeq(text, several) {
		if group = strings.TrimSpace(group); group != "" && !strings.HasPrefix(group, "*") {
			return group
		}
	}
	return ""
}
