//go:build !js || browser

package media_test

import (
	"embed"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

// What products send, whole. The files have places for what makes a call real: {ufrag}, {pwd}, {hash}, {setup}, {candidates},
// {address}, {port}, {mid}, and the numbers {opus} and {event} of the side that stands for the product.

//go:embed testdata/forms/*.sdp
var products embed.FS

// multiple have sections before the audio, which an answer to our offer cannot have.
var multiple = []string{"kamailio-rtpengine-video-first", "plain-line-first", "sdes-line-first-session-ice"}

func TestEveryProduct(t *testing.T) {
	files, err := products.ReadDir("testdata/forms")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	together(t, len(files), func(i int) (string, func(*testing.T)) {
		name := strings.TrimSuffix(files[i].Name(), path.Ext(files[i].Name()))
		return name, func(t *testing.T) {
			text, err := products.ReadFile("testdata/forms/" + files[i].Name())
			if err != nil {
				t.Fatal(err)
			}
			productCall(t, strings.ReplaceAll(string(text), "\n", "\r\n"), !slices.Contains(multiple, name))
		}
	})
}

// productCall lets one side write as the product does: offers, first and in the call, and answers where it can.
func productCall(t *testing.T, product string, answers bool) {
	a, b := open(t, media.Config{}), open(t, media.Config{})
	offered := func() {
		sdp := fill(product, string(offer(t, b, media.SendRecv)))
		reply := string(answer(t, a, []byte(sdp), media.SendRecv))
		wantMirrored(t, "the answer to the product", sdp, reply)
		apply(t, b, []byte(taken(reply)))
	}
	answered := func(a, b media.Session) {
		sdp := string(answer(t, b, offer(t, a, media.SendRecv), media.SendRecv))
		apply(t, a, []byte(fill(product, sdp)))
	}
	offered()
	offered()
	if !answers {
		hear(t, "its offers", a, b)
		return
	}
	answered(a, b)
	hear(t, "its offers, and its answer in a call", a, b)
	c, d := open(t, media.Config{}), open(t, media.Config{})
	answered(c, d)
	hear(t, "its answer", c, d)
}

// fill puts what a real description says into that of a product.
func fill(product, sdp string) string {
	value := func(pattern, otherwise string) string {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(sdp); m != nil {
			return m[1]
		}
		return otherwise
	}
	candidates := strings.TrimSuffix(all(candidateLine, []byte(sdp)), "\r")
	return strings.NewReplacer(
		"{ufrag}", value(`a=ice-ufrag:(\S+)`, ""), "{pwd}", value(`a=ice-pwd:(\S+)`, ""), "{hash}",
		value(`a=fingerprint:sha-256 (\S+)`, ""), "{setup}", value(`a=setup:(\S+)`, ""), "{mid}", value(`a=mid:(\S+)`, "0"),
		"{port}", value(`m=audio (\d+)`, ""), "{address}", value(`\nc=IN IP[46] (\S+)`, ""), "{candidates}", candidates,
		"{opus}", value(`a=rtpmap:(\d+) opus/`, "107"), "{event}", value(`a=rtpmap:(\d+) telephone-event/8000`, "101"),
	).Replace(product)
}

// taken is an answer without the sections that it refuses.
func taken(sdp string) string {
	parts := strings.SplitAfter("\n"+sdp, "\nm=")
	kept := strings.TrimSuffix(parts[0], "\nm=")
	for _, part := range parts[1:] {
		if f := strings.Fields(part); f[1] != "0" {
			kept += "\nm=" + strings.TrimSuffix(part, "\nm=")
		}
	}
	return strings.TrimPrefix(kept, "\n") + "\n"
}
