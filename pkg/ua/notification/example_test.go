package notification_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pkg/ua/notification"
)

func ExampleParseMessageSummary() {
	summary, err := notification.ParseMessageSummary([]byte("Messages-Waiting: yes\r\nVoice-Message: 2/8 (1/0)\r\n"))
	fmt.Println(err, summary.Voice().New, summary.Voice().Old)
	// Output: <nil> 2 8
}

func ExampleParsePresence() {
	presence, err := notification.ParsePresence([]byte(`<presence xmlns="urn:ietf:params:xml:ns:pidf" ` +
		`entity="sip:1002@example.com">` +
		`<tuple id="a"><status><basic>open</basic></status></tuple></presence>`))
	fmt.Println(err, presence.Open())
	// Output: <nil> true
}

func ExampleParseRegInfo() {
	info, err := notification.ParseRegInfo([]byte(`<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">` +
		`<registration aor="sip:1002@example.com" id="a" state="active"><contact id="b" state="active" event="registered">` +
		`<uri>sip:1002@192.0.2.1</uri></contact></registration></reginfo>`))
	fmt.Println(err, info.Registrations[0].AOR, len(info.Registrations[0].Contacts))
	// Output: <nil> sip:1002@example.com 1
}

func ExampleParseConferenceInfo() {
	info, err := notification.ParseConferenceInfo([]byte(`<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" ` +
		`entity="sip:room@example.com" state="full" version="0">` +
		`<users><user entity="sip:1002@example.com" state="full"><display-text>Demo ` +
		`1002</display-text></user></users></conference-info>`))
	fmt.Println(err, info.Users[0].DisplayName)
	// Output: <nil> Demo 1002
}

func ExampleParseDialogInfo() {
	info, err := notification.ParseDialogInfo([]byte(`<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:1002@example.com">
  <dialog id="1" call-id="abc" local-tag="l" remote-tag="r" direction="recipient"><state>early</state></dialog>
</dialog-info>`))
	fmt.Println(err, info.Busy(), info.Ringing().CallID)
	// Output: <nil> true abc
}

// What comes for one subscription is put together.
func ExamplePackage_Read() {
	lamps, known := notification.Lookup("dialog")
	if !known {
		fmt.Println("only", notification.Events())
	}
	var doc notification.Document
	for _, body := range []string{
		`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full"><dialog ` +
			`id="1"><state>early</state></dialog></dialog-info>`,
		`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="partial"><dialog ` +
			`id="2"><state>early</state></dialog></dialog-info>`,
	} {
		value, stale, err := lamps.Read(&doc, []byte(body))
		fmt.Println(len(value.(*notification.DialogInfo).Dialogs), stale, err)
	}
	// Output:
	// 1 false <nil>
	// 2 false <nil>
}
