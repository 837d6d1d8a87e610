package ua

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// sealMagic begins a sealed state; the number is that of its format.
const sealMagic = "wps1"

// maxSealed is the largest state that is opened.
const maxSealed = 16 << 20

// ErrBadState is wrapped by the error of New for a Config.Restore that cannot be used: tampered with, sealed with another key,
// too old, or of another account. The bytes are as they were; New without them begins anew.
var ErrBadState = errors.New("ua: saved state not usable")

// seal encrypts a state with AES-GCM, so that whoever reads or changes what a browser has stored learns and gains nothing.
// It is bound to the account.
func seal(key []byte, account string, nonce, plain []byte) ([]byte, error) {
	gcm, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	head := append([]byte(sealMagic), nonce[:gcm.NonceSize()]...)
	return gcm.Seal(head, nonce[:gcm.NonceSize()], plain, []byte(sealMagic+account)), nil
}

// unseal is the inverse of seal.
func unseal(key []byte, account string, sealed []byte) ([]byte, error) {
	gcm, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	start := len(sealMagic) + gcm.NonceSize()
	if len(sealed) < start || len(sealed) > maxSealed || string(sealed[:len(sealMagic)]) != sealMagic {
		return nil, fmt.Errorf("%w: not a sealed state", ErrBadState)
	}
	plain, err := gcm.Open(nil, sealed[len(sealMagic):start], sealed[start:], []byte(sealMagic+account))
	if err != nil {
		return nil, fmt.Errorf("%w: changed, sealed with another key, or of another account", ErrBadState)
	}
	return plain, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("%w: StateKey has to have 16, 24 or 32 bytes", ErrBadConfig)
	}
	return cipher.NewGCM(block)
}
