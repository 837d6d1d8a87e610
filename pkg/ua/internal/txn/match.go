package txn

import (
	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Find returns the transaction a response belongs to, nil when there is none: by branch and method (RFC 3261 section
// 17.1.3), and where one of them cannot be read or is not ours, by what else names a request of ours, because a response
// that is not found costs a call its outcome. Branch and Call-ID are ours and random, so that neither can be guessed.
func (t *Table) Find(res *wire.Response) *Client {
	if c := t.clients[clientKey(res)]; c != nil {
		return c
	}
	for _, c := range t.clients {
		if sameRequest(c.req, res) {
			return c
		}
	}
	return t.byBranch(res)
}

// sameRequest compares Call-ID, number and method.
func sameRequest(req *sip.Request, res *wire.Response) bool {
	id, cseq := res.CallID(), res.CSeq()
	return id != nil && cseq != nil && *id == *req.CallID() && cseq.SeqNo == req.CSeq().SeqNo && cseq.MethodName == req.Method
}

// byBranch looks at the branch alone, where the method cannot be read. An INVITE has the same one as its CANCEL: a refusal
// is for the one that waits, a 200 without content for the CANCEL.
func (t *Table) byBranch(res *wire.Response) (found *Client) {
	via, cseq := res.Via(), res.CSeq()
	if via == nil || cseq == nil || cseq.MethodName == sip.CANCEL {
		return nil
	}
	branch, _ := via.Params.Get("branch")
	if branch == "" {
		return nil
	}
	for _, c := range t.clients {
		own, _ := c.req.Via().Params.Get("branch")
		switch {
		case own != branch || cseq.MethodName == sip.INVITE && c.req.Method == sip.CANCEL ||
			c.state == Accepted && res.StatusCode >= 300:
		case found == nil, (c.req.Method == sip.CANCEL) == (res.StatusCode == sip.StatusOK && len(res.Body()) == 0):
			found = c
		}
	}
	return found
}

// complete puts in from the request what a response must repeat of it, where that could not be read.
func complete(res *wire.Response, req *sip.Request) {
	if *res.CSeq() != *req.CSeq() {
		res.ReplaceHeader(sip.HeaderClone(req.CSeq()))
	}
	if *res.CallID() != *req.CallID() {
		res.ReplaceHeader(sip.HeaderClone(req.CallID()))
	}
	if res.NoTo {
		own := sip.HeaderClone(req.To()).(*sip.ToHeader)
		if res.ToTag != "" {
			own.Params.Remove("tag")
			own.Params.Add("tag", res.ToTag)
		}
		res.ReplaceHeader(own)
		res.ToTag = tag(own.Params)
	}
}

// Known reports whether a request belongs to a transaction that is there: it came before, or it cancels or acknowledges one.
func (t *Table) Known(req *wire.Request) bool {
	switch req.Method {
	case sip.CANCEL, sip.ACK:
		return t.inviteOf(req) != nil
	}
	return t.servers[serverKey(req, req.Method)] != nil
}

// inviteOf returns the INVITE a CANCEL or ACK is about (RFC 3261 sections 9.2 and 17.2.3). Where the top Via cannot be read,
// Call-ID, number and the tag of the caller tell it.
func (t *Table) inviteOf(req *wire.Request) *Server {
	if s := t.servers[serverKey(req, sip.INVITE)]; s != nil || !req.NoVia {
		return s
	}
	for _, s := range t.servers {
		if s.req.Method == sip.INVITE && *s.req.CallID() == *req.CallID() && s.req.FromTag == req.FromTag &&
			s.req.CSeq().SeqNo == req.CSeq().SeqNo {
			return s
		}
	}
	return nil
}
