package notification

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseMessageSummary(t *testing.T) {
	got, err := ParseMessageSummary([]byte("Messages-Waiting: yes\r\nMessage-Account: sip:1001@vmail.example.com\r\n" +
		"Voice-Message: 4/8 (1/2)\r\n" +
		"Fax-Message:0/1\nX-Unknown: x\r\n\r\nTo: <sip:1001@example.com>\r\nSubject without a colon\r\n"))
	want := &MessageSummary{Waiting: true, Account: "sip:1001@vmail.example.com",
		Counts: []MessageCount{{"voice-message", 4, 8, 1, 2}, {"fax-message", 0, 1, 0, 0}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if m, err := ParseMessageSummary([]byte("messages-waiting: NO")); err != nil || m.Waiting || m.Voice().New != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	for _, bad := range []string{"", "Voice-Message: 1/2", "Messages-Waiting: maybe", "Messages-Waiting yes",
		"Messages-Waiting: yes\nVoice-Message: 1", "Messages-Waiting: yes\nVoice-Message: -1/2",
		"Messages-Waiting: yes\nVoice-Message: 1/2 (1/2", "Messages-Waiting: yes\nVoice-Message: 99999999999/0"} {
		if m, err := ParseMessageSummary([]byte(bad)); !errors.Is(err, ErrBadContent) {
			t.Errorf("%q: %+v, %v", bad, m, err)
		}
	}
}

func TestParsePresence(t *testing.T) {
	got, err := ParsePresence([]byte(`<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
    xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:1002@example.com">
  <tuple id="t1"><status><basic>open</basic></status><contact priority="0.8">sip:1002@192.0.2.1</contact>
    <note xml:lang="en">here</note><timestamp>2026-01-02T03:04:05Z</timestamp></tuple>
  <tuple id="t2"><status><basic>closed</basic></status></tuple>
  <note>all</note>
  <dm:person id="p1"><rpid:activities><rpid:note>x</rpid:note><rpid:on-the-phone/><rpid:busy/></rpid:activities></dm:person>
</presence>`))
	want := &Presence{Entity: "sip:1002@example.com", Notes: []string{"all"}, Activities: []string{"on-the-phone", "busy"},
		Tuples: []Tuple{{ID: "t1", Basic: "open", Contact: "sip:1002@192.0.2.1", Priority: "0.8", Notes: []string{"here"},
			Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, {ID: "t2", Basic: "closed"}}}
	if err != nil || !reflect.DeepEqual(got, want) || !got.Open() {
		t.Errorf("%+v, %v", got, err)
	}
	if (&Presence{Tuples: want.Tuples[1:]}).Open() {
		t.Error("closed is open")
	}
	for _, bad := range []string{"", "<presence/>", `<presence xmlns="urn:ietf:params:xml:ns:pidf"/>`,
		`<x xmlns="urn:ietf:params:xml:ns:pidf" entity="a"/>`} {
		if p, err := ParsePresence([]byte(bad)); !errors.Is(err, ErrBadContent) {
			t.Errorf("%q: %+v, %v", bad, p, err)
		}
	}
}

func TestParseDialogInfo(t *testing.T) {
	got, err := ParseDialogInfo([]byte(`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:1002@example.com">
  <dialog id="a" call-id="c1" local-tag="l" remote-tag="r" direction="recipient">
    <state event="rejected" code="486">early</state><duration>12</duration><replaces call-id="c0" local-tag="x" remote-tag="y"/>
    <referred-by display="x">sip:1004@example.com</referred-by>
    <local><identity display="Demo 1002">sip:1002@example.com</identity><target uri="sip:1002@192.0.2.1"/></local>
    <remote><identity>sip:1003@example.com</identity></remote>
  </dialog></dialog-info>`))
	want := &DialogInfo{Version: 7, Full: true, Entity: "sip:1002@example.com",
		Dialogs: []Dialog{{ID: "a", CallID: "c1", LocalTag: "l",
			RemoteTag: "r", Direction: "recipient", State: "early", Event: "rejected", Code: 486, Duration: 12, Replaces: "c0",
			ReferredBy: "sip:1004@example.com", Local: Party{"sip:1002@example.com", "Demo 1002", "sip:1002@192.0.2.1"},
			Remote: Party{Identity: "sip:1003@example.com"}}}}
	if err != nil || !reflect.DeepEqual(got, want) || !got.Busy() || got.Ringing().CallID != "c1" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" state="full"/>`,
		`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="-1"/>`,
		`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1"><dialog><state>early</state></dialog></dialog-info>`,
		`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1"><dialog id="a"/></dialog-info>`} {
		if d, err := ParseDialogInfo([]byte(bad)); !errors.Is(err, ErrBadContent) {
			t.Errorf("%q: %+v, %v", bad, d, err)
		}
	}
}

// tellAll gives bodies to the reader of a package, one after the other, and returns what it made of the last.
func tellAll(t *testing.T, event string, bodies ...string) (value any, stale bool) {
	t.Helper()
	var doc Document
	for _, body := range bodies {
		var err error
		if value, stale, err = packages[event].Read(&doc, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	return value, stale
}

func TestPartialRegInfoIsPutTogether(t *testing.T) {
	reg := func(version, state, content string) string {
		return `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="` + version + `" state="` + state + `">` + content +
			`</reginfo>`
	}
	v, stale := tellAll(t, "reg",
		reg("0", "full", `<registration aor="sip:1001@example.com" id="r1" state="active">
			<contact id="c1" state="active" event="registered" expires="60" callid="x" cseq="7" q="0.5"><uri>sip:a@192.0.2.1</uri><display-name>A</display-name></contact>
			<contact id="c2" state="active" event="registered"><uri>sip:b@192.0.2.1</uri></contact></registration>
			<registration aor="sip:1009@example.com" id="r9" state="terminated"/>`),
		reg("1", "partial", `<registration aor="sip:1001@example.com" id="r1" state="active">
			<contact id="c2" state="terminated" event="probation" retry-after="9"><uri>sip:b@192.0.2.1</uri></contact></registration>
			<registration aor="sip:1002@example.com" id="r2" state="init"/>`))
	want := &RegInfo{Version: 1, Registrations: []Registration{
		{AOR: "sip:1001@example.com", ID: "r1", State: "active", Contacts: []Contact{
			{ID: "c1", State: "active", Event: "registered", URI: "sip:a@192.0.2.1", DisplayName: "A", Expires: time.Minute,
				CallID: "x", CSeq: 7, Q: "0.5"},
			{ID: "c2", State: "terminated", Event: "probation", URI: "sip:b@192.0.2.1", RetryAfter: 9 * time.Second}}},
		{AOR: "sip:1002@example.com", ID: "r2", State: "init"}}}
	if stale || !reflect.DeepEqual(v, want) {
		t.Errorf("%+v, stale %v", v, stale)
	}
	if _, stale = tellAll(t, "reg", reg("4", "partial", "")); !stale {
		t.Error("a change without a beginning wants the whole state")
	}
}

func TestPartialConferenceInfoIsPutTogether(t *testing.T) {
	conf := func(version, state, content string) string {
		return `<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:conf@example.com" version="` +
			version +
			`" state="` + state + `">` + content + `</conference-info>`
	}
	v, stale := tellAll(t, "conference",
		conf("1", "full", `<conference-description><subject>Demo</subject><display-text>text</display-text><maximum-user-count>9</maximum-user-count></conference-description>
			<conference-state><user-count>3</user-count><active>true</active><locked>0</locked></conference-state>
			<users><user entity="a"><display-text>A</display-text><roles><entry>moderator</entry></roles>
				<endpoint entity="a1"><display-text>desk</display-text><status>connected</status><joining-method>dialed-in</joining-method>
					<media id="1"><type>audio</type><label>L</label><src-id>7</src-id><status>sendrecv</status></media></endpoint>
				<endpoint entity="a2"><status>on-hold</status></endpoint></user>
			<user entity="b"/><user entity="c"/></users>`),
		conf("2", "partial", `<users state="partial"><user entity="a" state="partial"><endpoint entity="a1" state="partial">
				<status>disconnected</status><disconnection-method>departed</disconnection-method><media id="2"><type>text</type></media></endpoint>
				<endpoint entity="a2" state="deleted"/></user>
			<user entity="b" state="deleted"/><user entity="d"><display-text>D</display-text></user></users>`))
	got := v.(*ConferenceInfo)
	if stale || got.Subject != "Demo" || got.MaxUsers != 9 || got.UserCount != 3 || !got.Active || got.Locked ||
		got.Version != 2 {
		t.Errorf("%+v, stale %v", got, stale)
	}
	var names []string
	for _, u := range got.Users {
		names = append(names, u.Entity)
	}
	if strings.Join(names, " ") != "c a d" {
		t.Errorf("users %v", names)
	}
	a := got.Users[1]
	if a.DisplayName != "A" || len(a.Roles) != 1 || len(a.Endpoints) != 1 || a.Endpoints[0].Status != "disconnected" ||
		a.Endpoints[0].Left != "departed" ||
		a.Endpoints[0].DisplayName != "desk" || a.Endpoints[0].Joined != "dialed-in" || len(a.Endpoints[0].Media) != 2 {
		t.Errorf("%+v", a)
	}
	v, _ = tellAll(t, "conference", conf("1", "full", `<users><user entity="a"/></users>`),
		conf("2", "partial", `<users state="full"><user entity="z"/></users>`))
	if got := v.(*ConferenceInfo); len(got.Users) != 1 || got.Users[0].Entity != "z" {
		t.Errorf("%+v", got.Users)
	}
	if v, _ = tellAll(t, "conference", conf("3", "deleted", "")); !v.(*ConferenceInfo).Deleted {
		t.Error("not deleted")
	}
	if _, err := ParseConferenceInfo([]byte(conf("1", "full", "<users><user/></users>"))); !errors.Is(err, ErrBadContent) {
		t.Errorf("user without entity: %v", err)
	}
}

// TestBytesOfPartialNotificationsAreBounded changes one entry again and again, in large notifications: the full state is asked
// for in time, and what goes on without it is refused. A full one makes all good.
func TestBytesOfPartialNotificationsAreBounded(t *testing.T) {
	dialog, _ := Lookup("dialog")
	body := func(version int, state string) []byte {
		return fmt.Appendf(nil, `<dialog-info xmlns="%s" version="%d" state="%s" entity="e"><dialog `+
			`id="a"><state>early</state></dialog><x>%s</x></dialog-info>`,
			dialogSpace, version, state, strings.Repeat("y", 60_000))
	}
	var doc Document
	if _, _, err := dialog.Read(&doc, body(0, "full")); err != nil {
		t.Fatal(err)
	}
	asked, refused, last := 0, 0, 100
	for version := 1; version <= last; version++ {
		_, stale, err := dialog.Read(&doc, body(version, "partial"))
		if errors.Is(err, ErrBadContent) {
			refused++
		} else if stale {
			asked++
		}
		if doc.piled > maxPiled {
			t.Fatalf("%d bytes", doc.piled)
		}
	}
	if asked < 10 || refused < 50 || asked+refused > last-15 {
		t.Errorf("asked after %d, refused %d of %d", asked, refused, last)
	}
	dialog.Read(&doc, body(last+1, "full"))
	if _, stale, err := dialog.Read(&doc, body(last+2, "partial")); stale || err != nil {
		t.Errorf("after a full one: %v, %v", stale, err)
	}
}

func TestWhatPartialNotificationsPileUpIsBounded(t *testing.T) {
	var doc Document
	var err error
	for i := 0; err == nil && i < 100; i++ {
		var b strings.Builder
		for n := range 100 {
			b.WriteString(`<dialog id="` + strings.Repeat("x", i+1) + string(rune('0'+n%10)) + string(rune('0'+n/10)) +
				`"><state>early</state></dialog>`)
		}
		_, _, err = packages["dialog"].Read(&doc, []byte(`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="`+
			strconv.Itoa(i)+`" state="partial">`+b.String()+`</dialog-info>`))
	}
	if !errors.Is(err, ErrBadContent) || doc.whole.(*DialogInfo).entries() > maxEntries {
		t.Errorf("%v, %d entries", err, doc.whole.(*DialogInfo).entries())
	}
}

// FuzzPackages gives any bytes to every reader, twice: nothing may panic, and nothing but ErrBadContent may come of it.
func FuzzPackages(f *testing.F) {
	f.Add([]byte("Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n"))
	f.Add([]byte(`<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1002@example.com"><tuple ` +
		`id="a"><status><basic>open</basic></status></tuple></presence>`))
	f.Add([]byte(`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="partial"><dialog ` +
		`id="a"><state>early</state></dialog></dialog-info>`))
	f.Add([]byte(`<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="partial"><registration aor="a" id="b" ` +
		`state="active"><contact id="c"/></registration></reginfo>`))
	f.Add([]byte(`<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" version="1" state="partial"><users><user ` +
		`entity="a" state="partial"><endpoint entity="b"/></user></users></conference-info>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, pkg := range packages {
			var doc Document
			for range 2 {
				if v, _, err := pkg.Read(&doc, body); err != nil && !errors.Is(err, ErrBadContent) || (v == nil) != (err != nil) {
					t.Errorf("%s: %v, %v", name, v, err)
				}
			}
		}
	})
}
