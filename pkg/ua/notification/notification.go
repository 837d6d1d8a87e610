// Package notification reads what servers tell about mailboxes, persons, calls, registrations and conferences: the bodies of
// NOTIFY requests (RFC 6665) of the packages message-summary, presence, dialog, reg and conference. [ParseDialogInfo] and its
// like read one document by itself; pkg/ua reads what comes for a subscription by [Package.Read], which puts partial
// notifications together, and hands it out as NotifyEvent.Value.
//
// Limits: what is piled up is bounded by 4,096 entries, an XML document by 64 KiB and 64 levels; of other packages nothing is
// known.
package notification

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pkg/ua/internal/xmlscan"
)

// Package is an event package this can read. The zero Package reads nothing.
type Package struct {
	Accept []string // content types to ask for
	Single bool     // a forked SUBSCRIBE makes one dialog only

	// read reads a body. doc holds what partial notifications of one dialog are put together to; it is nil at first. stale asks
	// for a refresh because a notification is missing. What it returns as value is not changed any more.
	read func(doc *Document, body []byte) (value any, stale bool, err error)
}

var packages = map[string]Package{
	"message-summary": {[]string{"application/simple-message-summary"}, true, whole(ParseMessageSummary)},
	"presence":        {[]string{"application/pidf+xml"}, true, whole(ParsePresence)},
	"dialog":          {[]string{"application/dialog-info+xml"}, false, partial(ParseDialogInfo, mergeDialogInfo)},
	"reg":             {[]string{"application/reginfo+xml"}, true, partial(ParseRegInfo, mergeRegInfo)},
	"conference":      {[]string{"application/conference-info+xml"}, true, partial(ParseConferenceInfo, mergeConferenceInfo)},
}

// Lookup returns the package with the name that stands in Event, "dialog" for one.
func Lookup(event string) (Package, bool) {
	p, known := packages[event]
	return p, known
}

// Events names the packages, sorted.
func Events() []string { return slices.Sorted(maps.Keys(packages)) }

// Document is what the notifications of one dialog are put together to. The zero value is one before the first.
type Document struct {
	whole any
	piled int // bytes of partial notifications since the last full one: their strings stay as long as a part of them is in use
}

// Read reads the body of the next notification of a dialog. What it returns as value, a *MessageSummary, *Presence, *DialogInfo,
// *RegInfo or *ConferenceInfo, is the whole state and is not changed any more; it is nil with an error. stale asks for a refresh,
// because a notification is missing or cannot be read. Errors wrap ErrBadContent.
func (p Package) Read(doc *Document, body []byte) (value any, stale bool, err error) {
	if p.read == nil {
		return nil, false, nil
	}
	return p.read(doc, body)
}

// ErrBadContent is wrapped by the errors of ParseMessageSummary, ParsePresence, ParseDialogInfo, ParseRegInfo and
// ParseConferenceInfo.
var ErrBadContent = errors.New("notification: content of a notification cannot be read")

// What partial notifications may pile up until a full one comes: entries, and bytes. At half of the bytes the full state is asked
// for.
const (
	maxEntries = 4096
	maxPiled   = 2 << 20
)

// whole makes a reader for a package whose every notification is the whole state.
func whole[T any](parse func([]byte) (*T, error)) func(*Document, []byte) (any, bool, error) {
	return func(_ *Document, body []byte) (any, bool, error) {
		v, err := parse(body)
		if err != nil {
			return nil, false, err
		}
		return v, false, nil
	}
}

// versioned is a document of a package that numbers its notifications.
type versioned interface {
	number() uint64
	isFull() bool
	entries() int
}

// partial makes a reader for a package that may send changes only. A change that is not the next one is followed by a
// refresh; one that was seen before is ignored. A full document is always taken, whatever its number: the dialog keeps
// notifications in order, and some notifiers never count.
func partial[T versioned](parse func([]byte) (T, error), merge func(old, change T) T) func(*Document, []byte) (any, bool, error) {
	return func(doc *Document, body []byte) (any, bool, error) {
		v, err := parse(body)
		if err != nil {
			return nil, true, err
		}
		old, known := doc.whole.(T)
		if v.isFull() {
			*doc = Document{whole: v}
			return v, false, nil
		}
		if known && v.number() <= old.number() {
			return old, false, nil
		}
		piled := doc.piled + len(body)
		stale := !known || v.number() != old.number()+1 || piled > maxPiled/2
		if v = merge(old, v); v.entries() > maxEntries || piled > maxPiled {
			return nil, true, fmt.Errorf("%w: more than %d entries or %d bytes since the last full state", ErrBadContent,
				maxEntries, maxPiled)
		}
		*doc = Document{v, piled}
		return v, stale, nil
	}
}

// document reads XML and checks its root.
func document(data []byte, space, local string) (*xmlscan.Element, error) {
	root, err := xmlscan.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadContent, err)
	}
	if root.Name != (xmlscan.Name{Space: space, Local: local}) {
		return nil, fmt.Errorf("%w: root element %s", ErrBadContent, root.Name.Local)
	}
	return root, nil
}

// version reads the attributes version and state of a root element.
func version(root *xmlscan.Element) (n uint64, full bool, err error) {
	if n, err = strconv.ParseUint(root.Attr("version"), 10, 64); err != nil {
		return 0, false, fmt.Errorf("%w: version %q", ErrBadContent, root.Attr("version"))
	}
	return n, root.Attr("state") != "partial", nil
}
