package media

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
)

// preferCodecs lets a transceiver offer what the rules leave, in their order (W3C WebRTC, setCodecPreferences). Where the browser
// does not know that, or the other side makes the offer, the rules act on the descriptions alone.
func preferCodecs(transceiver js.Value, cfg Config) error {
	rules, err := newCodecRules(cfg)
	if err != nil || len(rules.remove)+len(rules.first) == 0 || transceiver.Get("setCodecPreferences").Type() != js.TypeFunction {
		return err
	}
	all := js.Global().Get("RTCRtpReceiver").Call("getCapabilities", "audio").Get("codecs")
	kept, err := rules.choose(capabilities(all))
	if err != nil {
		return err
	}
	list := make([]any, len(kept))
	for i, c := range kept {
		index, _ := strconv.Atoi(c.payload)
		list[i] = all.Index(index)
	}
	transceiver.Call("setCodecPreferences", list)
	return nil
}

// capabilities are codecs that have their place in the list for a payload type.
func capabilities(all js.Value) []codec {
	list := make([]codec, all.Length())
	opus := ""
	for i := range list {
		_, name, _ := strings.Cut(text(all.Index(i), "mimeType"), "/")
		list[i] = codec{payload: strconv.Itoa(i), name: name}
		if strings.EqualFold(name, "opus") {
			opus = list[i].payload
		}
	}
	for i, c := range list {
		if strings.EqualFold(c.name, "red") {
			list[i].fmtp = opus + "/" // what browsers make redundant
		}
	}
	return list
}

// speaks asks the browser what it can decode. One that does not tell has what all must have (RFC 7874 section 3), and G.722.
func (hw *browserPlatform) speaks(name string) bool {
	return slices.ContainsFunc(browserVoices(), func(c codec) bool { return strings.EqualFold(c.name, name) })
}

var browserVoices = sync.OnceValue(func() []codec {
	receiver := js.Global().Get("RTCRtpReceiver")
	if receiver.Truthy() && receiver.Get("getCapabilities").Type() == js.TypeFunction {
		if all := receiver.Call("getCapabilities", "audio"); all.Truthy() {
			return capabilities(all.Get("codecs"))
		}
	}
	return []codec{{name: "opus"}, {name: "PCMU"}, {name: "PCMA"}, {name: "G722"}}
})
