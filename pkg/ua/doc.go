// Package ua is a SIP user agent over WebSocket: make one with New, keep it going with Run, follow it by ranging over
// Events, call with Invite, and answer an IncomingCallEvent with Call.Accept.
package ua
