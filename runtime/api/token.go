package api

import (
	"fmt"
	"path/filepath"

	"gvpie/runtime/token"
)

// tokenName is the file of the token in the data folder.
const tokenName = "token"

// LoadToken gives the token of this installation, which is made when there is none.
func LoadToken(dir string) (string, error) {
	t, err := token.Load(filepath.Join(dir, tokenName))
	if err != nil {
		return "", fmt.Errorf("the token of the API: %w", err)
	}
	return t, nil
}
