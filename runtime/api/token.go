package api

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tokenName is the file of the token in the data folder.
const tokenName = "token"

// LoadToken gives the token of this installation, kept in a file of the data
// folder that its owner alone may read. It makes one when there is none, and
// takes a file that others may read for told: it makes a new one.
func LoadToken(dir string) (string, error) {
	path := filepath.Join(dir, tokenName)
	info, err := os.Lstat(path)
	if err == nil && info.Mode().IsRegular() && private(info) {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("the token of the API: %w", err)
		}
		if token := strings.TrimSpace(string(b)); len(token) >= 32 {
			return token, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the token of the API: %w", err)
	}
	token, err := writeToken(dir, path)
	if err != nil {
		return "", fmt.Errorf("the token of the API: %w", err)
	}
	return token, nil
}

func writeToken(dir, path string) (string, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	token := hex.EncodeToString(secret)
	f, err := os.CreateTemp(dir, tokenName+"-*") // mode 0600
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
