package kamailio

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"text/template"
	"time"
)

//go:embed etc/*.in sipp/*.xml
var files embed.FS

// render writes configuration, certificate and presence database into the directory.
func (b *Bench) render(opts Options) error {
	modules, err := moduleDir("/usr/lib/*/kamailio/modules", "kamailio-websocket-modules")
	if err != nil {
		return err
	}
	values := struct {
		Options
		IP, Dir, Modules, TURNUser, TURNPassword string
		Ports                                    Ports
	}{opts, IP, b.Dir, modules + "/", TURNUser, TURNPassword, b.ports}
	for _, name := range []string{"kamailio.cfg", "tls.cfg", "turnserver.conf"} {
		if err := renderFile("etc/"+name+".in", filepath.Join(b.Dir, name), values); err != nil {
			return err
		}
	}
	if err := b.writeScenarios(); err != nil {
		return err
	}
	if err := b.writeCertificate(); err != nil {
		return err
	}
	return b.createDatabase()
}

func renderFile(from, to string, values any) error {
	text, err := files.ReadFile(from)
	if err != nil {
		return err
	}
	t, err := template.New(from).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, values); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o600)
}

// moduleDir finds the directory of a program's plug-ins, which depends on the machine's architecture.
func moduleDir(pattern, pkg string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("nothing at %s: is %s installed? Run testdata/install.sh as root", pattern, pkg)
	}
	return found[0], nil
}

func (b *Bench) writeScenarios() error {
	scenarios, err := fs.Glob(files, "sipp/*.xml")
	if err != nil {
		return err
	}
	for _, s := range scenarios {
		text, err := files.ReadFile(s)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(b.Dir, filepath.Base(s)), text, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(b.Dir, "tone.alaw"), alawTone(), 0o600)
}

func (b *Bench) writeCertificate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: b.Domain},
		DNSNames:     []string{b.Domain, "localhost"},
		IPAddresses:  []net.IP{net.ParseIP(IP)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(0, 0, 7),
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		writePEM(filepath.Join(b.Dir, "cert.pem"), "CERTIFICATE", der),
		writePEM(filepath.Join(b.Dir, "key.pem"), "PRIVATE KEY", secret))
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// createDatabase makes the tables the presence modules insist on.
func (b *Bench) createDatabase() error {
	var schema bytes.Buffer
	for _, name := range []string{"standard", "presence"} {
		text, err := os.ReadFile("/usr/share/kamailio/db_sqlite/" + name + "-create.sql")
		if err != nil {
			return fmt.Errorf("%w: is kamailio-sqlite-modules installed? Run testdata/install.sh as root", err)
		}
		schema.Write(text)
	}
	cmd := exec.Command("sqlite3", filepath.Join(b.Dir, "presence.sqlite"))
	cmd.Stdin = &schema
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("create the presence database: %w: %s", err, out)
	}
	return nil
}
