package provision

import (
	"bytes"
	"context"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
)

const (
	Patience = 2 * time.Second  // until Get says that it is slow, so that the kept object may be used
	Timeout  = 15 * time.Second // until it gives up
)

// Object is a provisioning object.
type Object struct {
	Data   []byte          // as it came
	Layer  config.Config   // what it says
	Faults []*config.Error // what of it cannot be used
}

// Get fetches an object. After Patience it calls slow, and waits on.
func Get(get fetch.Func, address string, slow func()) (Object, error) {
	type answer struct {
		object Object
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		object, err := ask(get, address)
		done <- answer{object, err}
	}()
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	var a answer
	select {
	case a = <-done:
	case <-patience.C:
		slow()
		a = <-done
	}
	return a.object, a.err
}

func ask(get fetch.Func, address string) (o Object, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	document, err := get(ctx, address, "")
	o.Data = document.Data
	switch {
	case err != nil:
	case bytes.HasPrefix(bytes.TrimSpace(document.Data), []byte("<")):
		err = errPage
	case len(document.Data) > config.MaxInput:
		err = errTooLarge
	default:
		o.Layer, o.Faults, err = config.Read(config.Provisioned, document.Data)
	}
	return o, err
}
