package phone

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// fillAny puts anything into a value: often nothing, else one of a few values, so that what names something may find it.
func fillAny(rnd *rand.Rand, v reflect.Value, depth int) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(at(rnd.IntN(9))))
		return
	case rnd.IntN(3) == 0 && v.Kind() != reflect.Struct || depth > 7:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"1", "2", "3", "101", "202", "contacts", "history", "a"}[rnd.IntN(8)])
	case reflect.Bool:
		v.SetBool(rnd.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(rnd.Int64N(4))
	case reflect.Uint32, reflect.Uint8, reflect.Uint64:
		v.SetUint(rnd.Uint64N(4))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAny(rnd, v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillAny(rnd, v.Index(0), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fillAny(rnd, v.Field(i), depth+1)
			}
		}
	}
}

// anyCall is a call as the user agent may tell of it.
func anyCall(rnd *rand.Rand) ua.CallInfo {
	info := ua.CallInfo{ID: []string{"1", "2", "3"}[rnd.IntN(3)], Direction: ua.Direction(rnd.IntN(2)), Started: midday,
		State: ua.CallState(rnd.IntN(int(ua.CallEnded) + 1)), HeldLocal: rnd.IntN(4) == 0, HeldRemote: rnd.IntN(4) == 0,
		Muted: rnd.IntN(4) == 0, Busy: rnd.IntN(4) == 0, Asserted: rnd.IntN(4) == 0, AutoAnswer: rnd.IntN(4) == 0,
		AnswerAfter: time.Duration(rnd.IntN(2)) * 5 * time.Second, Cause: anyCause(rnd)}
	info.Remote = ua.Address{User: "20" + info.ID, Host: "sip.example.com"}
	if info.Direction == ua.Outgoing {
		info.Dialled = "3"
	}
	if info.State >= ua.CallEstablished && rnd.IntN(3) > 0 {
		info.Answered = midday
	}
	if rnd.IntN(5) == 0 {
		info.Trouble = anyCause(rnd)
	}
	return info
}

func anyCause(rnd *rand.Rand) ua.Cause {
	code := []int{0, 200, 202, 403, 486, 503, 603}[rnd.IntN(7)]
	return ua.Cause{Kind: ua.CauseKind(rnd.IntN(int(ua.CauseMedia) + 1)), Code: code}
}

// anyTold is an event of the user agent.
func anyTold(rnd *rand.Rand) Told {
	var e ua.Event
	switch rnd.IntN(6) {
	case 0:
		e = ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: ua.ConnectionState(rnd.IntN(3)), Cause: anyCause(rnd)}}
	case 1:
		state := ua.RegistrationState(rnd.IntN(5))
		e = ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: state, Cause: anyCause(rnd)}}
	case 2:
		info := anyCall(rnd)
		info.Direction, info.State = ua.Incoming, ua.CallRinging
		e = ua.IncomingCallEvent{Info: info}
	case 3:
		e = ua.TransferEvent{Info: anyCall(rnd), State: ua.TransferState(rnd.IntN(4)), Code: 200 + rnd.IntN(4),
			Cause: anyCause(rnd)}
	default:
		e = ua.CallEvent{Info: anyCall(rnd)}
	}
	return Told{Event: e, At: at(rnd.IntN(20))}
}

func anyCommand(rnd *rand.Rand) Command {
	id := []string{"1", "2", "3"}[rnd.IntN(3)]
	return []Command{Accept{ID: id}, Start{}, HandOver{ID: id, Target: "3"}, Connect{ID: id, Other: "2"}, Tone{id, "5"},
		Invite{Target: "3"}, Hold{id}, Resume{ID: id}, Mute{ID: id}, UseAudio{}}[rnd.IntN(10)]
}

// anyNews is news of any kind, for a phone that shows s.
func anyNews(rnd *rand.Rand, s screen.Snapshot) news {
	err := []error{errors.New("any"), ua.ErrState, ua.ErrBadTarget, ua.ErrNotConnected}[rnd.IntN(4)]
	h := screen.Handover{ID: rnd.IntN(3), Call: []string{"1", "2"}[rnd.IntN(2)], To: "3"}
	yes := rnd.IntN(2) == 0
	login := signIn{Login: typed, alone: yes}
	if rnd.IntN(2) == 0 {
		login.Password = ""
	}
	list := []news{anyTold(rnd), Measured{ID: "1", Stats: media.Stats{PacketsReceived: rnd.Uint64N(100)}},
		Failed{Command: anyCommand(rnd), Err: err, At: midday}, Tick{At: at(rnd.IntN(100))}, HandoverAsked{h}, HandoverGone{h.ID},
		HandoverUnseen{h}, login, provisioned{why: text.Say(text.Fault), account: "x", login: yes}, unopened{},
		withheld{s.Account}, renewed{s.Account}, reconfigured{oneServerConfig(), Options{Keep: New(Options{}).opts.Keep}},
		fetching{login}, unprovisioned{text.Say(text.Fault)}, provisionSlow{}, looked{"x"}, seated{elsewhere: yes}, unseated{},
		numberGiven{"77"}, succeeds{Old: "1", Info: anyCall(rnd), At: midday}, keptOver{}, keptOver{err}, opened{}, unseen{}}
	if rnd.IntN(3) > 0 {
		return list[0]
	}
	return list[rnd.IntN(len(list))]
}
