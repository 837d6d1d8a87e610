package wire

import (
	"hash/fnv"
	"strconv"

	"github.com/emiago/sipgo/sip"
)

// Response builds the answer to a request that Parse refused, or nil when it is to be dropped. It is stateless: the same request
// always gets the same To tag (RFC 3261 section 8.2.7). Header fields that could not be read go back as they came.
func (e *Error) Response() *sip.Response {
	if e.Code == 0 || e.Request == nil {
		return nil
	}
	res := sip.NewResponse(e.Code, e.Reason)
	for _, h := range e.head {
		res.AppendHeader(sip.HeaderClone(h))
	}
	return res
}

// ResponseHead returns what a response repeats of a request (RFC 3261 section 8.2.6.2), as it came: Via, where wanted
// Record-Route, From, To, Call-ID and CSeq. tag is added to a To that has none, unless it is empty. What the request does
// not have is left out.
func ResponseHead(req *Request, tag string, recordRoute bool) (head []sip.Header) {
	names := []string{"Via", "Record-Route", "From", "To", "Call-ID", "CSeq"}
	lists := make([][]sip.Header, len(names))
	for _, h := range echo(req.Headers()) {
		for i, name := range names {
			if h.Name() == name && !isStandIn(h) && (i != 1 || recordRoute) {
				lists[i] = append(lists[i], sip.HeaderClone(h))
			}
		}
	}
	if to := lists[3]; len(to) > 0 && tag != "" {
		to[0] = withTag(to[0], req, tag)
	}
	for _, list := range lists {
		head = append(head, list...)
	}
	return head
}

// isStandIn tells what standIn has added.
func isStandIn(h sip.Header) bool {
	switch h := h.(type) {
	case *sip.ViaHeader:
		return h.Host == nowhere
	case *sip.FromHeader:
		return unreadable(h.Address)
	case *sip.ToHeader:
		return unreadable(h.Address)
	case *sip.CallIDHeader:
		return *h == ""
	case *sip.CSeqHeader:
		return h.MethodName == ""
	}
	return false
}

// withTag adds our tag to a To that has none.
func withTag(h sip.Header, req *Request, tag string) sip.Header {
	if req.ToTag != "" {
		return h
	}
	if to, ok := h.(*sip.ToHeader); ok {
		to.Params = append(to.Params, sip.HeaderKV{K: "tag", V: tag})
		return to
	}
	return sip.NewHeader("To", h.Value()+";tag="+tag)
}

func statelessTag(req *Request) string {
	hash := fnv.New64a()
	for _, name := range []string{"Via", "From", "Call-ID"} {
		if h := first(req, name); h != nil {
			hash.Write([]byte(h.Value()))
		}
	}
	return strconv.FormatUint(hash.Sum64(), 36)
}
