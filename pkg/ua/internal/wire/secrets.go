package wire

import "slices"

// Nonces returns where the values of nonce and nextnonce stand in a message, without their quotes, as pairs of start and end.
func Nonces(data []byte) [][2]int { return valuesOf(data, "nonce", "nextnonce") }

// Proofs returns where the names of the parameters rspauth stand in a message, as pairs of start and end.
func Proofs(data []byte) [][2]int {
	var spans [][2]int
	eachWord(data, func(m *masker, start, end int) int {
		if string(m.low[start:end]) == "rspauth" {
			spans = append(spans, [2]int{start, end})
		}
		return end
	})
	return spans
}

// valuesOf finds the values of parameters by name, wherever they stand, without their quotes. They do not overlap.
func valuesOf(data []byte, names ...string) [][2]int {
	var spans [][2]int
	eachWord(data, func(m *masker, start, end int) int {
		after := m.blanks(end)
		if after >= len(m.low) || m.low[after] != '=' || !slices.Contains(names, string(m.low[start:end])) {
			return end
		}
		from := m.blanks(after + 1)
		to, closed := m.valueEnd(from, len(m.low))
		value := [2]int{from, to}
		if closed && from < to && m.low[from] == '"' {
			value = [2]int{from + 1, to - 1}
		}
		spans = append(spans, value)
		return max(to, end)
	})
	return spans
}

// eachWord visits every token of a message. visit says where to go on.
func eachWord(data []byte, visit func(m *masker, start, end int) int) {
	m := newMasker(data)
	for i := 0; i < len(m.low); {
		start := i
		for i < len(m.low) && is(m.low[i], clsToken) {
			i++
		}
		if i > start {
			i = visit(m, start, i)
		} else {
			i++
		}
	}
}
