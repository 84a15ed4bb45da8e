package e2e

import (
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// newRclone returns rclone with a gateway of its own, which it knows as "gateway:".
func newRclone(t *testing.T, args ...string) client {
	c := client{path: program(t, "rclone"), base: startGateway(t, args...)}
	c.config = filepath.Join(t.TempDir(), "rclone.conf")
	require.NoError(t, os.WriteFile(c.config, []byte("[gateway]\ntype = s3\nprovider = Other\nendpoint = "+c.base+
		"\naccess_key_id = any\nsecret_access_key = any\nchunk_size = 5Mi\nupload_cutoff = 5Mi\ncopy_cutoff = 6Mi\n"), 0o600))
	return c
}

func (c client) rclone(t *testing.T, args ...string) result {
	t.Helper()
	return run(t, "", c.path, append([]string{"--config", c.config, "--retries", "1", "--low-level-retries", "1"}, args...)...)
}

// TestRcloneCopiesAndPurges has rclone compare what it sent, by ETag, size and time,
// with what the gateway tells. The large file goes in three parts each way.
func TestRcloneCopiesAndPurges(t *testing.T) {
	for name, args := range map[string][]string{"in memory": nil, "in a directory": {"-dir", t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			rclone := newRclone(t, args...)
			source := t.TempDir()
			large := strings.Repeat("twelve bytes", 1<<20)
			files := map[string]string{"large.bin": large, "empty": "", "dir/a b+é.html": "<p>small</p>", "dir/deep/file": "content"}
			for name, content := range files {
				path := filepath.Join(source, name)
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
				require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			}
			rclone.rclone(t, "mkdir", "gateway:demo").done(t)
			rclone.rclone(t, "mkdir", "gateway:demo").done(t) // it is ours
			rclone.rclone(t, "copy", source, "gateway:demo").done(t)
			_, header, _ := send(t, "HEAD", rclone.base+"/demo/large.bin", nil, nil)
			require.Regexp(t, `^"[0-9a-f]{32}-3"$`, header.Get("ETag"))
			_, header, _ = send(t, "HEAD", rclone.base+"/demo/dir/a%20b+%C3%A9.html", nil, nil)
			require.Regexp(t, "^text/html", header.Get("Content-Type"))

			// Nothing is to be sent again.
			again := rclone.rclone(t, "copy", "-v", source, "gateway:demo")
			require.Equal(t, 0, again.status, again.stderr)
			require.NotContains(t, again.stderr, ": Copied")
			require.Contains(t, again.stderr, "There was nothing to transfer")

			// From one bucket to another the gateway copies, the large file in parts.
			rclone.rclone(t, "copy", "gateway:demo", "gateway:other").done(t)
			rclone.rclone(t, "check", "gateway:demo", "gateway:other", "--download", "-q").done(t)
			_, header, _ = send(t, "HEAD", rclone.base+"/other/large.bin", nil, nil)
			require.Regexp(t, `^"[0-9a-f]{32}-[23]"$`, header.Get("ETag"))
			sum := md5.Sum([]byte(files["dir/deep/file"]))
			require.Contains(t, rclone.rclone(t, "md5sum", "gateway:other").done(t), hex.EncodeToString(sum[:])+"  dir/deep/file\n")

			target := t.TempDir()
			rclone.rclone(t, "copy", "gateway:other", target).done(t)
			for name, content := range files {
				got, err := os.ReadFile(filepath.Join(target, name))
				require.NoError(t, err)
				require.True(t, content == string(got), "%s differs", name)
			}

			rclone.rclone(t, "purge", "gateway:demo/dir").done(t)
			require.Equal(t, "empty\nlarge.bin\n", rclone.rclone(t, "lsf", "-R", "gateway:demo").done(t))
			rclone.rclone(t, "cleanup", "gateway:demo").done(t)
			rclone.rclone(t, "purge", "gateway:demo").done(t)
			status, _, _ := send(t, "GET", rclone.base+"/demo", nil, nil)
			require.Equal(t, http.StatusNotFound, status)
		})
	}
}
