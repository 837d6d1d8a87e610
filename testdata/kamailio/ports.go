package kamailio

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
)

// Ports are the ports of one Bench, all from one block below the range the system hands out by itself.
type Ports struct {
	SIP, SIPS, WS, WSS int // Kamailio
	NG                 int // rtpengine's control port
	RelayMin, RelayMax int // rtpengine's media
	TURN               int // coturn
	TURNMin, TURNMax   int // coturn's media

	peers int // first of the ports for telephones
}

const (
	firstPort = 20000
	lastPort  = 32000 // the system's own range usually starts at 32768
	blockSize = 400
	perPeer   = 20 // ports for one telephone: signalling, control, media
)

// block is a range of ports; the socket on its first port tells other runs that it is taken.
type block struct {
	ports Ports
	lock  net.PacketConn
	end   int
	next  int   // first port not yet given to a telephone
	back  []int // first ports given back, the longest unused first
}

func takeBlock() (*block, error) {
	blocks := (lastPort - firstPort) / blockSize
	for _, n := range rand.Perm(blocks) {
		base := firstPort + n*blockSize
		lock, err := net.ListenPacket("udp", fmt.Sprintf("%s:%d", IP, base))
		if err != nil {
			continue
		}
		if unused(base+1, base+blockSize) {
			return newBlock(base, lock), nil
		}
		lock.Close()
	}
	return nil, fmt.Errorf("no %d free ports in a row between %d and %d", blockSize, firstPort, lastPort)
}

func newBlock(base int, lock net.PacketConn) *block {
	return &block{
		lock: lock,
		ports: Ports{
			SIP: base + 1, SIPS: base + 2, WS: base + 3, WSS: base + 4, NG: base + 5,
			RelayMin: base + 20, RelayMax: base + 179,
			TURN: base + 6, TURNMin: base + 180, TURNMax: base + 199,
			peers: base + 200,
		},
		next: base + 200,
		end:  base + blockSize,
	}
}

func (k *block) release() { k.lock.Close() }

// peer gives perPeer ports to one more telephone and returns the first. Used ones come last: a late message to the telephone
// that had them must not reach the next one.
func (k *block) peer() (int, error) {
	if k.next+perPeer <= k.end {
		k.next += perPeer
		return k.next - perPeer, nil
	}
	if len(k.back) == 0 {
		return 0, errors.New("no ports left for another telephone")
	}
	base := k.back[0]
	k.back = k.back[1:]
	return base, nil
}

// giveBack takes the ports of a telephone that has ended.
func (k *block) giveBack(base int) { k.back = append(k.back, base) }

// unused tells that nobody listens on a port of [from, to), by UDP or TCP.
func unused(from, to int) bool {
	for port := range listening() {
		if port >= from && port < to {
			return false
		}
	}
	return true
}

// listening reads the ports in use from the kernel's tables. Binding them to find out would disturb who is about to.
func listening() map[int]bool {
	ports := map[int]bool{}
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		f, err := os.Open("/proc/net/" + table)
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if port, ok := localPort(lines.Text()); ok {
				ports[port] = true
			}
		}
		f.Close()
	}
	return ports
}

// localPort reads "  1: 0100007F:4E20 00000000:0000 0A ...".
func localPort(line string) (int, bool) {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return 0, false
	}
	_, hex, ok := strings.Cut(fields[1], ":")
	port, err := strconv.ParseUint(hex, 16, 16)
	return int(port), ok && err == nil
}
