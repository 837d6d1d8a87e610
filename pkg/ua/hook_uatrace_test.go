package ua_test

import (
	"io"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/uatrace"
)

func init() {
	ua.WriteTrace, ua.ReadTrace, ua.ErrBadRecording = uatrace.WriteTrace, uatrace.ReadTrace, uatrace.ErrBadRecording
	ua.Replay = func(recording io.Reader, cfg ua.Config) (*ua.Replayed, error) {
		out, err := uatrace.Replay(recording, cfg)
		if err != nil {
			return nil, err
		}
		same := &ua.Replayed{Received: out.Received, Sent: out.Sent, Events: out.Events}
		for _, d := range out.Differences {
			same.Differences = append(same.Differences, ua.Difference(d))
		}
		return same, nil
	}
}
