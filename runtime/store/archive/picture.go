package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"gvpie/runtime/regularfile"
)

// ErrPicture says that a picture is not what its name, its hash, says.
var ErrPicture = errors.New("the picture was altered")

// pictureMost is how many bytes of a picture's file are read at most.
const pictureMost = 1 << 30

// PicturePath is where the picture with that hash lies in a folder of them:
// ab/abcdef….png. "" when it is no hash.
func PicturePath(folder, hash string) string {
	if b, err := hex.DecodeString(hash); err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != hash {
		return ""
	}
	return filepath.Join(folder, hash[:2], hash+".png")
}

// PictureName is the hash of a picture by its path.
func PictureName(path string) (hash string, ok bool) {
	folder, name := filepath.Split(path)
	hash = strings.TrimSuffix(name, ".png")
	return hash, PicturePath("", hash) == filepath.Join(filepath.Base(folder), name)
}

// ReadPicture reads a picture and holds it against its hash.
func ReadPicture(path, hash string) ([]byte, error) {
	b, err := regularfile.Read(path, pictureMost)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("%w: %s", ErrPicture, path)
	}
	return b, nil
}
