package static

import (
	"slices"
	"strconv"
	"strings"
)

// encodings in the order of the server's preference, and what the names of such files end with.
var (
	encodings = []string{"br", "gzip", "identity"}
	suffixes  = map[string]string{"br": ".br", "gzip": ".gz", "identity": ""}
)

// negotiate picks one of the available forms for the Accept-Encoding header (RFC 9110 12.5.3): the one with the
// greatest weight, the first of them when several have it. A client that refuses everything gets identity, since an
// answer it may understand serves it better than none.
func negotiate(accept, available []string) string {
	weights := parseWeights(accept)
	best, bestWeight := "identity", 0.0
	for _, encoding := range available {
		if weight := weightOf(weights, encoding); weight > bestWeight {
			best, bestWeight = encoding, weight
		}
	}
	return best
}

// unnamed is the weight of identity where the header says nothing of it: acceptable, but behind everything named.
const unnamed = 0.0001

func weightOf(weights map[string]float64, encoding string) float64 {
	if weight, ok := weights[encoding]; ok {
		return weight
	}
	if weight, ok := weights["*"]; ok {
		return weight
	}
	if encoding == "identity" {
		return unnamed
	}
	return 0
}

func parseWeights(accept []string) map[string]float64 {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding == "" {
			continue
		}
		if slices.Contains([]string{"x-gzip"}, coding) {
			coding = "gzip" // RFC 9110 8.4.1.3
		}
		weights[coding] = parseWeight(parameters)
	}
	return weights
}

// parseWeight reads ";q=0.5"; what is not a weight counts as refused.
func parseWeight(parameters string) float64 {
	text, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
	if !ok {
		return 1
	}
	weight, err := strconv.ParseFloat(text, 64)
	if err != nil || !(weight >= 0 && weight <= 1) {
		return 0
	}
	return weight
}
