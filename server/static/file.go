package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gowebphone/webphone/pwa/site"
)

// types are the media types of what a site consists of; nothing else is served. The list does not come from the
// system, so that a program is application/wasm on every host.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".mp3":         "audio/mpeg",
	".ogg":         "audio/ogg",
	".opus":        "audio/ogg",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".wav":         "audio/wav",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
}

// hashed matches the names that change with the content: such a file never changes and may be kept for ever.
var hashed = regexp.MustCompile(`\.[0-9a-f]{16}\.`)

func cacheControl(name string) string {
	if hashed.MatchString(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// servable reports whether a name from a request may be looked up at all.
func servable(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00:") || types[path.Ext(name)] == "" {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

func (h *handler) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	if !servable(name) {
		refuse(w, http.StatusNotFound)
		return
	}
	encoding := negotiate(r.Header.Values("Accept-Encoding"), h.forms(name))
	file, info, err := h.open(name + suffixes[encoding])
	if err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	defer file.Close()
	sum, err := h.sums.of(name+suffixes[encoding], file, info)
	if err != nil {
		h.Log.Error("read", "file", name, "error", err)
		refuse(w, http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", types[path.Ext(name)])
	header.Set("Cache-Control", cacheControl(name))
	header.Set("ETag", `"`+sum+`"`)
	header.Set("Vary", "Accept-Encoding")
	if encoding != "identity" {
		header.Set("Content-Encoding", encoding)
		header.Set("Content-Length", strconv.FormatInt(info.Size(), 10)) // ServeContent leaves it out of encoded answers
	}
	if name == site.Worker {
		header.Set("Service-Worker-Allowed", h.Base)
	}
	http.ServeContent(w, r, "", time.Time{}, file)
}

// forms lists the encodings that the site has of a file, in the order of the server's preference.
func (h *handler) forms(name string) []string {
	found := make([]string, 0, len(suffixes))
	for _, encoding := range encodings {
		if info, err := fs.Stat(h.Files, name+suffixes[encoding]); err == nil && info.Mode().IsRegular() {
			found = append(found, encoding)
		}
	}
	return found
}

type seekable interface {
	io.ReadSeeker
	io.Closer
}

func (h *handler) open(name string) (seekable, fs.FileInfo, error) {
	file, err := h.Files.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	ready, seeks := file.(seekable)
	if err != nil || !info.Mode().IsRegular() || !seeks {
		file.Close()
		return nil, nil, fs.ErrNotExist
	}
	return ready, info, nil
}

// serveBytes answers with content made here.
func (h *handler) serveBytes(w http.ResponseWriter, r *http.Request, mediaType, cache string, content []byte) {
	sum := sha256.Sum256(content)
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("ETag", `"`+tag(sum[:])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func tag(sum []byte) string { return base64.RawURLEncoding.EncodeToString(sum[:12]) }

// sums remembers the hashes of files until they change, so that each is read once.
type sums struct {
	mu    sync.Mutex // guards known
	known map[string]known
}

type known struct {
	size     int64
	modified time.Time
	sum      string
}

// of returns the hash of an open file and leaves the file at its beginning.
func (s *sums) of(name string, file io.ReadSeeker, info fs.FileInfo) (string, error) {
	s.mu.Lock()
	entry, ok := s.known[name]
	s.mu.Unlock()
	if ok && entry.size == info.Size() && entry.modified.Equal(info.ModTime()) {
		return entry.sum, nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	entry = known{size: info.Size(), modified: info.ModTime(), sum: tag(hash.Sum(nil))}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]known{}
	}
	s.known[name] = entry
	return entry.sum, nil
}
