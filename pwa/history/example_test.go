package history_test

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
)

func ExampleHistory() {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h, plan := history.New(), config.Numbering{Country: "44", Trunk: "0", International: "00"}
	h.Add(history.Of(ua.CallInfo{ID: "1", Direction: ua.Outgoing, Dialled: "1001", Started: at}, plan))
	missed := ua.CallInfo{ID: "2", Direction: ua.Incoming, Remote: ua.Address{User: "1002"}, Started: at.Add(time.Hour)}
	h.Add(history.Of(missed, plan))
	fmt.Println(h.Missed(), h.Redial(1)[0].Number)
	for _, day := range history.Days(h.Entries(), time.UTC, plan) {
		fmt.Println(day.Date.Format(time.DateOnly), len(day.Groups))
	}
	// Output:
	// 1 1001
	// 2026-03-02 2
}
