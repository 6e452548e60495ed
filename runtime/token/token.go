// Package token keeps secrets that programs of one installation show each other, each in
// a file that its owner alone may read.
package token

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Load gives the token of a file. It makes one when there is none, and takes a file that
// others may read for told: it makes a new one.
func Load(path string) (string, error) {
	token, err := Read(path)
	if err == nil && token != "" || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return token, err
	}
	return write(path)
}

// Read gives the token of a file; "": others may read it, or it is no token's.
func Read(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || !private(info) {
		return "", err
	}
	b, err := os.ReadFile(path)
	if token := strings.TrimSpace(string(b)); len(token) >= 32 {
		return token, nil
	}
	return "", err
}

func write(path string) (string, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	token := hex.EncodeToString(secret)
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(token + "\n")
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return token, nil
}
