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
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		for i, h := range e.Request.GetHeaders(name) {
			if i > 0 && name != "Via" {
				break
			}
			h = sip.HeaderClone(h)
			if to, ok := h.(*sip.ToHeader); ok && !to.Params.Has("tag") {
				to.Params.Add("tag", statelessTag(e.Request))
			}
			res.AppendHeader(h)
		}
	}
	return res
}

func statelessTag(req *sip.Request) string {
	hash := fnv.New64a()
	for _, name := range []string{"Via", "From", "Call-ID"} {
		for _, h := range req.GetHeaders(name) {
			hash.Write([]byte(h.Value()))
			break
		}
	}
	return strconv.FormatUint(hash.Sum64(), 36)
}
