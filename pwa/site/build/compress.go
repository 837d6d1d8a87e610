package build

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Qualities of the two builds. Brotli 11 takes tens of seconds for the program, 5 less than one.
const (
	brotliFast = 5
	gzipFast   = gzip.DefaultCompression
)

// compress returns the compressed forms by suffix, without those that save nothing. Pictures are compressed already.
func (o Options) compress(name string, content []byte) (map[string][]byte, error) {
	forms := map[string][]byte{}
	if ext := path.Ext(name); ext == ".png" || ext == ".webp" {
		return forms, nil
	}
	br, gz := brotli.BestCompression, gzip.BestCompression
	if o.Fast {
		br, gz = brotliFast, gzipFast
	}
	var err error
	if forms[".br"], err = o.kept(content, fmt.Sprintf("br%d", br),
		func() ([]byte, error) { return Brotli(content, br) }); err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	if forms[".gz"], err = o.kept(content, fmt.Sprintf("gz%d", gz),
		func() ([]byte, error) { return Gzip(content, gz) }); err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	for suffix, form := range forms {
		if len(form) >= len(content) {
			delete(forms, suffix)
		}
	}
	return forms, nil
}

// kept returns what an earlier build has compressed from the same content, or compresses and keeps it.
func (o Options) kept(content []byte, how string, compress func() ([]byte, error)) ([]byte, error) {
	file := filepath.Join(o.Work, "compressed", fmt.Sprintf("%x.%s", sha256.Sum256(content), how))
	if form, err := os.ReadFile(file); err == nil {
		return form, nil
	}
	form, err := compress()
	if err != nil {
		return nil, err
	}
	return form, writeFile(file, form)
}

// Brotli compresses content (RFC 7932) at a quality of 0 to 11, with the largest window browsers take.
func Brotli(content []byte, quality int) ([]byte, error) {
	var out bytes.Buffer
	return finish(&out, brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: quality, LGWin: 24}), content)
}

// Gzip compresses content (RFC 1952) without name or time.
func Gzip(content []byte, level int) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		return nil, err
	}
	return finish(&out, w, content)
}

func finish(out *bytes.Buffer, w io.WriteCloser, content []byte) ([]byte, error) {
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
