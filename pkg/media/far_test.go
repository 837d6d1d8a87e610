//go:build !js || browser

package media_test

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/media/remote"
)

// contract is all of it, by name.
var contract = map[string]func(*testing.T){
	"CallCarriesSoundBothWays":             TestCallCarriesSoundBothWays,
	"OfferIsComplete":                      TestOfferIsComplete,
	"MuteSendsSilence":                     TestMuteSendsSilence,
	"HoldAndResume":                        TestHoldAndResume,
	"RollbackKeepsTheCall":                 TestRollbackKeepsTheCall,
	"RollbackOfFirstOffer":                 TestRollbackOfFirstOffer,
	"OfferOfAnotherPeer":                   TestOfferOfAnotherPeer,
	"OfferFreshReachesANewPeer":            TestOfferFreshReachesANewPeer,
	"RollbackOfFreshOffer":                 TestRollbackOfFreshOffer,
	"ForksSoundInParallel":                 TestForksSoundInParallel,
	"CodecRules":                           TestCodecRules,
	"DTMFNeedsTelephoneEvent":              TestDTMFNeedsTelephoneEvent,
	"VideoIsRejectedInItsPlace":            TestVideoIsRejectedInItsPlace,
	"OriginCountsVersions":                 TestOriginCountsVersions,
	"BadDescriptions":                      TestBadDescriptions,
	"CloseEndsEverything":                  TestCloseEndsEverything,
	"PreparedSessionOffers":                TestPreparedSessionOffers,
	"RehearsedAnswerCarriesSound":          TestRehearsedAnswerCarriesSound,
	"RehearsalForAnotherAnswerIsForgotten": TestRehearsalForAnotherAnswerIsForgotten,
	"RehearsalOfBadOffer":                  TestRehearsalOfBadOffer,
}

// TestAtADistance runs the contract on sessions of package remote, whose hosts run the real ones.
func TestAtADistance(t *testing.T) {
	for name, test := range contract {
		if farHere(name) {
			t.Run(name, test)
		}
	}
}

// engine is the one that a test of the contract is about.
func engine(t *testing.T) media.Engine {
	if !strings.HasPrefix(t.Name(), "TestAtADistance/") {
		return media.Default()
	}
	e, there, back := &remote.Engine{}, make(chan []byte, 64), make(chan []byte, 64)
	conn := e.Connect(func(data []byte) { there <- data })
	host := remote.NewHost(media.Default(), func(data []byte) { back <- data })
	carry := func(messages <-chan []byte, receive func([]byte) error) {
		for {
			select {
			case data := <-messages:
				if err := receive(data); err != nil {
					t.Error(err)
				}
			case <-t.Context().Done():
				return
			}
		}
	}
	go carry(there, host.Receive)
	go carry(back, conn.Receive)
	t.Cleanup(conn.Close)
	t.Cleanup(host.Close)
	return e
}
