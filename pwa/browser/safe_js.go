package browser

import (
	"context"
	"strings"
	"syscall/js"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/store"
)

// browserSafe keeps what a page leaves beside the secret of the vault, locked likewise.
type browserSafe struct{}

var safeBox = box{"calls.key", "calls.nonce", "calls"}

// The tokens of what lies there, of what was taken, the newest last, and of that for which the service worker has said farewell
// last. It knows these names too.
const (
	safeToken = "calls.token"
	safeTaken = "calls.taken"
	safeSaid  = "calls.said"
)

// names are those of what lies there.
func (browserSafe) names() []string { return append(safeBox.names(), safeToken) }

// maxTaken is how many are remembered: more than pages can be left while the first one's farewell waits.
const maxTaken = 16

// Safe is nil where the browser has no cryptography.
func Safe() store.Safe {
	if secure() {
		return browserSafe{}
	}
	return nil
}

// Keep implements store.Safe.
func (browserSafe) Keep(ctx context.Context, token string, data []byte) error {
	return safeBox.lock(ctx, data, map[string]string{safeToken: token})
}

// Look implements store.Safe.
func (browserSafe) Look(ctx context.Context) (token string, data []byte, err error) {
	data, beside, err := safeBox.open(ctx, safeToken)
	if err != nil {
		return "", nil, err
	}
	return beside[0].String(), data, nil
}

// Take implements store.Safe. One transaction looks and writes, as that of the service worker does.
func (b browserSafe) Take(ctx context.Context, token string) (free bool, err error) {
	var lies, taken, said js.Value
	looked := js.FuncOf(func(js.Value, []js.Value) any {
		defer survive("take")
		if !lies.Get("result").Equal(js.ValueOf(token)) {
			return nil
		}
		free = !said.Get("result").Equal(js.ValueOf(token))
		s := said.Get("source")
		s.Call("put", alsoTaken(taken.Get("result"), token), safeTaken)
		for _, name := range b.names() {
			s.Call("delete", name)
		}
		return nil
	})
	defer looked.Release()
	_, err = stored.do(ctx, vaultStore, "readwrite", func(s js.Value) js.Value {
		lies, taken, said = s.Call("get", safeToken), s.Call("get", safeTaken), s.Call("get", safeSaid)
		said.Set("onsuccess", looked)
		return said
	})
	return free && err == nil, err
}

// arraysOf are those messages that there are.
func arraysOf(messages [][]byte) []any {
	list := []any{}
	for _, m := range messages {
		if len(m) > 0 {
			list = append(list, arrayOf(m))
		}
	}
	return list
}

// Drop implements store.Safe.
func (b browserSafe) Drop(ctx context.Context) error {
	_, err := stored.do(ctx, vaultStore, "readwrite", func(s js.Value) js.Value { return deleted(s, b.names()) })
	return err
}

// alsoTaken is the list with one more.
func alsoTaken(list js.Value, token string) string {
	var tokens []string
	if list.Type() == js.TypeString {
		tokens = strings.Fields(list.String())
	}
	tokens = append(tokens, token)
	return strings.Join(tokens[max(0, len(tokens)-maxTaken):], " ")
}

// Outlive gives the service worker what to say in the place of this page, unless its calls are taken out of the safe within the
// wait. It is false where there is no worker to do it. What has no token is said in any case.
func Outlive(token string, words []ua.Farewell, wait time.Duration) bool {
	give := js.Global().Get("webphoneFarewell")
	if give.Type() != js.TypeFunction {
		return false
	}
	var list []any
	for _, w := range words {
		list = append(list, map[string]any{"server": w.Server, "calls": arraysOf(w.Calls),
			"binding": arraysOf([][]byte{w.Binding})})
	}
	return give.Invoke(token, wait.Milliseconds(), list).Bool()
}
