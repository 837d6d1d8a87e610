package static

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Limits bounds what clients can take up. Zero values mean the defaults.
type Limits struct {
	HeaderTime  time.Duration // to send the headers of a request; default 10 s
	RequestTime time.Duration // to send a whole request; default 30 s
	AnswerTime  time.Duration // to take an answer; default 10 minutes, which 2 MB need at 28 kbit/s
	IdleTime    time.Duration // between requests on one connection; default 2 minutes
	StopTime    time.Duration // for requests to end after the context; default 10 s
	HeaderBytes int           // of one request; default 16 KiB
	Connections int           // at once; default 4096
	TLS         *tls.Config   // nil means plain HTTP
	Log         *slog.Logger  // for the errors of single connections; default none
}

func (l Limits) withDefaults() Limits {
	l.HeaderTime = cmp.Or(l.HeaderTime, 10*time.Second)
	l.RequestTime = cmp.Or(l.RequestTime, 30*time.Second)
	l.AnswerTime = cmp.Or(l.AnswerTime, 10*time.Minute)
	l.IdleTime = cmp.Or(l.IdleTime, 2*time.Minute)
	l.StopTime = cmp.Or(l.StopTime, 10*time.Second)
	l.HeaderBytes = cmp.Or(l.HeaderBytes, 16<<10)
	l.Connections = cmp.Or(l.Connections, 4096)
	l.Log = cmp.Or(l.Log, slog.New(slog.DiscardHandler))
	return l
}

// Serve answers requests on the listener until the context ends, then lets running requests finish and returns nil.
// It closes the listener. Connections that a handler has taken over, such as WebSockets, are the handler's to end.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, l Limits) error {
	l = l.withDefaults()
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: l.HeaderTime,
		ReadTimeout:       l.RequestTime,
		WriteTimeout:      l.AnswerTime,
		IdleTimeout:       l.IdleTime,
		MaxHeaderBytes:    l.HeaderBytes,
		TLSConfig:         l.TLS,
		ErrorLog:          slog.NewLogLogger(l.Log.Handler(), slog.LevelDebug),
	}
	listener = netutil.LimitListener(listener, l.Connections)
	ended := make(chan error, 1) // one result, so the goroutine below ends even when nobody reads it
	go func() {
		if l.TLS != nil {
			ended <- server.ServeTLS(listener, "", "")
			return
		}
		ended <- server.Serve(listener)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.StopTime)
	defer cancel()
	err := server.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	return err
}
