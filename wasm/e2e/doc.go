// Package e2e proves the phone in a real browser, as a person uses it: headless Chromium, two pages, buttons found by what
// is written on them, audio counted by the statistics of the browser's own peer connections. Run it with
//
//	go test -tags e2e ./wasm/e2e
//
// The server is pkg/siptest in the same process, or Kamailio with rtpengine, SIPp and baresip (testdata/kamailio).
// A page that violates its Content-Security-Policy or leaves an exception uncaught fails its test. A failed test leaves
// screenshots, consoles and SIP messages in a directory it prints.
//
// E2E_DIR says where to leave them; CHROMIUM and FIREFOX are the browsers to start instead of chromium and firefox-esr. With
// "-tags e2e,pictures" there are tests that take pictures: TestTour into the directory E2E_TOUR, TestScreenshots and TestPanes
// into E2E_SCREENSHOTS.
//
// TestFirefoxSmoke does the main things in Firefox, which it speaks to by WebDriver BiDi.
//
// Limits: Linux; Chromium for all but that test; sound is measured, not heard.
package e2e
