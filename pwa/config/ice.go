package config

import (
	"encoding/json"
	"strings"
)

// parseICE reads a list as RTCConfiguration has it; "urls" may be a string.
func parseICE(raw json.RawMessage) ([]ICEServer, error) {
	var rows []struct {
		URLs                 json.RawMessage `json:"urls"`
		URL                  string          `json:"url"` // the name of old, still written by many
		Username, Credential string
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, wrong("", "must be a list of {urls, username, credential}")
	}
	var servers []ICEServer
	for _, row := range rows {
		urls, err := textList(row.URLs)
		if err != nil {
			return nil, err
		}
		if row.URL != "" {
			urls = append(urls, row.URL)
		}
		s := ICEServer{URLs: urls, Username: row.Username, Credential: row.Credential}
		if err := checkICE(s); err != nil {
			return nil, err
		}
		servers = append(servers, s)
	}
	if len(servers) > maxServers {
		return nil, wrong("", "has more than 32 servers")
	}
	return servers, nil
}

func checkICE(s ICEServer) error {
	if len(s.URLs) == 0 {
		return wrong("", "has a server without urls")
	}
	for _, u := range s.URLs {
		scheme, rest, _ := strings.Cut(u, ":")
		rest, query, _ := strings.Cut(rest, "?")
		switch scheme {
		case "stun", "stuns":
		case "turn", "turns":
			if s.Username == "" || s.Credential == "" {
				return wrong("", "has a turn server without username and credential")
			}
		default:
			return wrong("", "has a URL that does not begin with stun:, turn: or turns:")
		}
		if query != "" && query != "transport=udp" && query != "transport=tcp" {
			return wrong("", "has a URL with a query other than transport=udp or transport=tcp")
		}
		if _, _, err := parseHostPort("", rest); err != nil {
			return err
		}
	}
	if _, err := checkPassword(nil, s.Credential); err != nil {
		return err
	}
	return oneLine(s.Username, 512)
}

// readICE reads JSON, or from text also URLs of STUN servers separated by comma or white space.
func readICE(raw json.RawMessage, isText bool) ([]ICEServer, error) {
	if !isText || strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		return parseICE(raw)
	}
	var servers []ICEServer
	for _, u := range words(string(raw)) {
		server := ICEServer{URLs: []string{u}}
		if err := checkICE(server); err != nil {
			return nil, err
		}
		servers = append(servers, server)
	}
	return servers, nil
}
