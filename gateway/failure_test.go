package main

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/s3cors/s3cors/corsserver"
)

// A failing storage fails, or panics, on objects named so.
type failing struct{ gofakes3.Backend }

var errDisk = errors.New("the disk is full")

func (f failing) fail(key string) error {
	switch key {
	case "panics":
		panic("what is this page?")
	case "fails":
		return errDisk
	}
	return nil
}

func (f failing) GetObject(bucket, key string, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	if err := f.fail(key); err != nil {
		return nil, err
	}
	object, err := f.Backend.GetObject(bucket, key, part)
	if err == nil && key == "breaks off" {
		object.Contents = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(object.Contents, 3), panicking{}), object.Contents}
	}
	return object, err
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("what is this page?") }

func (f failing) HeadObject(bucket, key string) (*gofakes3.Object, error) {
	if err := f.fail(key); err != nil {
		return nil, err
	}
	return f.Backend.HeadObject(bucket, key)
}

func (f failing) PutObject(bucket, key string, meta map[string]string, content io.Reader, size int64, c *gofakes3.PutConditions) (gofakes3.PutObjectResult, error) {
	if _, err := io.Copy(io.Discard, content); err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	return gofakes3.PutObjectResult{}, f.fail(key)
}

func (f failing) DeleteObject(bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	return gofakes3.ObjectDeleteResult{}, f.fail(key)
}

func (f failing) CreateBucket(name string) error {
	if strings.HasPrefix(name, "broken") {
		return f.fail(strings.TrimPrefix(name, "broken-"))
	}
	return f.Backend.CreateBucket(name)
}

// newFailing starts a gateway over a failing storage with the bucket demo.
func newFailing(t *testing.T) server {
	t.Helper()
	memory := memoryStorage()
	require.NoError(t, memory.CreateBucket("demo"))
	for _, key := range []string{"breaks off", "source"} {
		_, err := memory.PutObject("demo", key, map[string]string{}, strings.NewReader("content"), 7, nil)
		require.NoError(t, err)
	}
	s := serveStorage(t, &storage{failing{memory.Backend}, memory.Documents, memory.Close}, gateway{Idle: patience})
	s.putCORS(t, "demo", "https://a.test")
	return s
}

func TestWhatFailsIsAnInternalErrorAndIsLogged(t *testing.T) {
	copying := func(key string) fields { return fields{"x-amz-copy-source", "demo/" + key} }
	for _, row := range []struct {
		name           string
		method, target string
		fields         fields
		body           string
		log            string // after the name of the request or the object, if the storage fails
	}{
		{"a GET", "GET", "/demo/KEY", nil, "", "read demo/KEY: "},
		{"a HEAD", "HEAD", "/demo/KEY", nil, "", "read demo/KEY: "},
		{"a PUT", "PUT", "/demo/KEY", nil, "content", "write demo/KEY: "},
		{"a DELETE", "DELETE", "/demo/KEY", nil, "", "delete demo/KEY: "},
		{"a copy of it", "PUT", "/demo/copy", copying("KEY"), "", "read demo/KEY: "},
		{"a copy to it", "PUT", "/demo/KEY", copying("source"), "", "write demo/KEY: "},
		{"a form", "POST", "/demo", formType, encodeForm(formOf(fields{"key", "KEY"}, "content")), "write demo/KEY: "},
		{"a bucket", "PUT", "/broken-KEY", nil, "", "make broken-KEY: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newFailing(t)
			fill := func(text, key string) string { return strings.ReplaceAll(text, "KEY", key) }
			for _, key := range []string{"fails", "panics"} {
				var f fields
				for _, value := range row.fields {
					f = append(f, fill(value, key))
				}
				f = append(f, "Origin", "https://a.test")
				response, body := s.send(t, row.method, fill(row.target, key), f, strings.NewReader(fill(row.body, key)))
				require.Equal(t, 500, response.StatusCode, body)
				require.Equal(t, "application/xml", response.Header.Get("Content-Type"))
				if strings.HasPrefix(row.target, "/demo") && row.method == "GET" {
					require.Equal(t, "https://a.test", response.Header.Get("Access-Control-Allow-Origin"), "a page can read it")
				}
				if row.method != "HEAD" {
					require.Contains(t, body, "<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message>"+
						"<RequestId>"+response.Header.Get("X-Amz-Request-Id")+"</RequestId>")
				}
			}
			require.Contains(t, s.log.String(), fill(row.log, "fails")+"the disk is full\n")
			host := strings.TrimPrefix(s.URL, "http://")
			require.Contains(t, s.log.String(), row.method+" "+host+fill(row.target, "panics")+": panic: what is this page?\n")
			require.Equal(t, 2, strings.Count(s.log.String(), "\n"), s.log.String())
		})
	}
}

func TestAnUploadThatCannotBeStoredCanBeCompletedAgain(t *testing.T) {
	s := newFailing(t)
	upload := s.begin(t, "/demo/fails")
	list := s.uploadParts(t, upload, "content")
	for range 2 {
		s.requireError(t, 500, "InternalError", "POST", upload, nil, "<CompleteMultipartUpload>"+list+"</CompleteMultipartUpload>")
	}
	require.Contains(t, s.log.String(), "write demo/fails: the disk is full\n")
}

// An answer that has begun cannot become an error. It must not look complete.
func TestAnObjectThatBreaksOffLooksSo(t *testing.T) {
	s := newFailing(t)
	response, err := s.Client().Get(s.URL + "/demo/breaks%20off")
	if err == nil {
		defer response.Body.Close()
		_, err = io.ReadAll(response.Body)
	}
	require.Error(t, err)
}

func TestAnUnreadableDocumentIsLoggedOnceALoad(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		require.NoError(t, s.storage.Documents.PutCORS(context.Background(), "demo", []byte("<garbage")))
		const line = "the rules of bucket demo: "
		for range 3 {
			s.requireError(t, 500, "InternalError", "OPTIONS", "/demo/key", preflight, "")
			s.require(t, 404, "GET", "/demo/key", preflight, "")
		}
		require.Equal(t, 1, strings.Count(s.log.String(), line), s.log.String())
		require.NoError(t, s.storage.Documents.PutCORS(context.Background(), "demo", []byte("<other garbage")))
		s.requireError(t, 400, "MalformedXML", "PUT", "/demo?cors", contentMD5("<a/>"), "<a/>") // which changes nothing
		s.requireError(t, 500, "InternalError", "OPTIONS", "/demo/key", preflight, "")
		s.putCORS(t, "demo", "https://a.test")
		s.require(t, 200, "OPTIONS", "/demo/key", preflight, "")
		require.NoError(t, s.storage.Documents.PutCORS(context.Background(), "demo", []byte("<other garbage")))
		s.require(t, 204, "DELETE", "/demo?cors", nil, "")
	})
}

func TestTheLogDoesNotRememberEveryBucket(t *testing.T) {
	var text lockedBuffer
	observe := gateway{Log: log.New(&text, "", 0)}.observe()
	tell := func(bucket string, err error) {
		observe(nil, corsserver.Verdict{Address: corsserver.Address{Bucket: bucket}, Err: err})
	}
	other := errors.New("another")
	tell("a", errDisk)
	tell("a", errDisk)
	tell("b", errDisk)
	tell("a", other)
	tell("a", context.Canceled)
	tell("a", nil)
	require.Equal(t, "the rules of bucket a: the disk is full\nthe rules of bucket b: the disk is full\nthe rules of bucket a: another\n", text.String())
}

func TestADamagedDatabaseIsNamed(t *testing.T) {
	whole := func(t *testing.T) string {
		dir := t.TempDir()
		s, err := openStorage(dir)
		require.NoError(t, err)
		require.NoError(t, s.CreateBucket("demo"))
		_, err = s.PutObject("demo", "key", map[string]string{}, strings.NewReader(strings.Repeat("x", 1<<20)), 1<<20, nil)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		return filepath.Join(dir, "gateway.db")
	}
	page := os.Getpagesize()
	for _, row := range []struct {
		name   string
		damage func(t *testing.T, path string)
	}{
		{"text", func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("text ", 5000)), 0o600))
		}},
		{"a file that was cut short", func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, int64(2*page))) }},
		{"pages of something else", func(t *testing.T, path string) {
			file, err := os.OpenFile(path, os.O_RDWR, 0)
			require.NoError(t, err)
			info, err := file.Stat()
			require.NoError(t, err)
			_, err = file.WriteAt([]byte(strings.Repeat("x", int(info.Size())-2*page)), int64(2*page))
			require.NoError(t, err)
			require.NoError(t, file.Close())
		}},
		{"a directory", func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o700))
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := whole(t)
			row.damage(t, path)
			_, err := openStorage(filepath.Dir(path))
			require.ErrorContains(t, err, path)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

// TestADatabaseThatIsDamagedLater cuts the file under an open database: what is
// read of it is a fault of memory.
func TestADatabaseThatIsDamagedLater(t *testing.T) {
	dir := t.TempDir()
	s := newBuckets(t, dir)
	s.putCORS(t, "demo", "https://a.test")
	s.require(t, 200, "PUT", "/demo/key", nil, strings.Repeat("x", 1<<20))
	path := filepath.Join(dir, "gateway.db")
	require.NoError(t, os.Truncate(path, int64(2*os.Getpagesize())))
	s.requireError(t, 500, "InternalError", "GET", "/demo/key", nil, "")
	s.requireError(t, 500, "InternalError", "GET", "/demo?cors", nil, "")
	s.requireError(t, 500, "InternalError", "OPTIONS", "/demo/key", preflight, "")
	require.Contains(t, s.log.String(), "the rules of bucket demo: "+path+" cannot be read, it may be damaged: ")
	require.NotContains(t, s.log.String(), "goroutine")
}

func TestADatabaseThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "gateway.db")
	db, err := bolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	require.NoError(t, err)
	err = boltDocuments{db}.Forget(context.Background(), "demo")
	require.ErrorContains(t, err, path+": ")
	require.NoError(t, db.Close())
}
