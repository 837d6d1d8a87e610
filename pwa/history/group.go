package history

import (
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/sheet"
)

// Group is one line of the history: calls in a row with the same number, newest first.
type Group struct {
	Entries []Entry
	Missed  bool // the newest was missed
	Unseen  int  // missed calls among them the user has not seen
}

// Newest is the call the line shows.
func (g Group) Newest() Entry { return g.Entries[0] }

// Day holds the lines of one day.
type Day struct {
	Date   time.Time // its midnight
	Groups []Group
}

// Days puts entries, newest first, into days as the user's clock has them, and within a day consecutive calls with
// one number into one line. Missed and other calls stay apart, so that no missed call hides behind a later one.
func Days(entries []Entry, zone *time.Location, plan config.Numbering) []Day {
	var days []Day
	for _, e := range entries {
		date := midnight(e.Start, zone)
		if len(days) == 0 || !days[len(days)-1].Date.Equal(date) {
			days = append(days, Day{Date: date})
		}
		day := &days[len(days)-1]
		if n := len(day.Groups); n > 0 && sameLine(day.Groups[n-1].Newest(), e, plan) {
			day.Groups[n-1].add(e)
			continue
		}
		g := Group{Missed: e.Missed}
		g.add(e)
		day.Groups = append(day.Groups, g)
	}
	return days
}

func midnight(at time.Time, zone *time.Location) time.Time {
	year, month, day := at.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

func (g *Group) add(e Entry) {
	g.Entries = append(g.Entries, e)
	if e.Missed && !e.Seen {
		g.Unseen++
	}
}

func sameLine(a, b Entry, plan config.Numbering) bool {
	if a.Missed != b.Missed || a.Direction != b.Direction {
		return false
	}
	if a.Number == "" || b.Number == "" {
		return a.Number == b.Number && a.Name == b.Name
	}
	return number.Same(a.Number, b.Number, plan)
}

// WriteCSV writes entries as CSV with a header; times as RFC 3339 in the given zone, durations in seconds.
func WriteCSV(entries []Entry, zone *time.Location) ([]byte, error) {
	head := []string{"Start", "Direction", "Name", "Number", "Address", "Answered", "Seconds", "Missed", "Result", "Status",
		"Note"}
	return sheet.Write(head, len(entries), func(i int) []string {
		e := entries[i]
		return []string{stamp(e.Start, zone), directionName(e.Direction), e.Name, e.Number, e.URI, stamp(e.Answered, zone),
			strconv.FormatInt(int64(e.Duration.Round(time.Second)/time.Second), 10), strconv.FormatBool(e.Missed),
			causeName(e.Cause), status(e.Code), e.Note}
	})
}

func stamp(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format(time.RFC3339)
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}

func directionName(d ua.Direction) string {
	if d == ua.Incoming {
		return "incoming"
	}
	return "outgoing"
}

// causeNames are the names under which causes are stored; they never change, whatever becomes of the constants.
var causeNames = map[ua.CauseKind]string{
	ua.CauseNone: "", ua.CauseHangupLocal: "hangup-local", ua.CauseHangupRemote: "hangup-remote", ua.CauseCancelled: "cancelled",
	ua.CauseAnsweredElsewhere: "answered-elsewhere", ua.CauseRejectedLocal: "rejected-local", ua.CauseRejected: "rejected",
	ua.CauseBusy: "busy", ua.CauseNoAnswer: "no-answer", ua.CauseUnavailable: "unavailable", ua.CauseNotFound: "not-found",
	ua.CauseAuth: "auth", ua.CauseNotAcceptable: "not-acceptable", ua.CauseServer: "server", ua.CauseTimeout: "timeout",
	ua.CauseUnreachable: "unreachable", ua.CauseNoSubprotocol: "no-subprotocol", ua.CauseCertificate: "certificate",
	ua.CauseBadURL: "bad-url", ua.CauseNoWebSocket: "no-websocket", ua.CauseLocalNetwork: "local-network",
	ua.CauseConnectionLost: "connection-lost", ua.CauseMicPermission: "mic-permission",
	ua.CauseNoMic: "no-mic", ua.CauseMedia: "media", ua.CauseProtocol: "protocol", ua.CauseOther: "other",
}

func causeName(kind ua.CauseKind) string {
	if name, ok := causeNames[kind]; ok {
		return name
	}
	return "other"
}

func causeOf(name string) ua.CauseKind {
	for kind, n := range causeNames {
		if n == name {
			return kind
		}
	}
	return ua.CauseOther
}
