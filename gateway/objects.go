package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// objects is the backend that gofakes3 sees, and our own handlers as well. It
// makes the objects of gofakes3's storages into those of S3:
//
//   - the metadata of an object is what it was stored with; gofakes3 adds that of
//     the object that was there before;
//   - an object that was uploaded in parts keeps the ETag of its completion;
//   - there are no versions, so nothing has an id of one;
//   - lists are cut at the delimiter and at their length as S3 does it (list.go);
//   - what fails says what it was about.
type objects struct {
	*bucketLifecycle
}

// A record is all that is kept of an object beside its content. It is stored as
// one piece of metadata under recordName: whatever gofakes3 adds stands beside it,
// and is never looked at.
type record struct {
	// ETag is that of an upload in parts, with its quotation marks; "" if the ETag
	// is the MD5 of the content.
	ETag     string            `json:"etag,omitempty"`
	Metadata map[string]string `json:"metadata"`
}

const recordName = "s3cors-record"

// etagField brings the ETag of a record past gofakes3, which sends the MD5. No
// client can set it: it is no name of metadata.
const etagField = "S3cors-Etag"

// put stores an object. meta holds header fields by name; etag is "" if it is the
// MD5 of the content.
func (o objects) put(bucket, key string, meta map[string]string, etag string, content io.Reader, size int64, conditions *gofakes3.PutConditions) error {
	if len(key) > gofakes3.KeySizeLimit {
		return gofakes3.ErrKeyTooLong
	}
	meta = maps.Clone(meta)
	meta["Last-Modified"] = time.Now().UTC().Format(http.TimeFormat)
	text, err := json.Marshal(record{ETag: etag, Metadata: meta})
	if err != nil {
		return err
	}
	_, err = o.storage.PutObject(bucket, key, map[string]string{recordName: string(text)}, content, size, conditions)
	return about("write", bucket, key, err)
}

// PutObject implements gofakes3.Backend.
func (o objects) PutObject(bucket, key string, meta map[string]string, content io.Reader, size int64, conditions *gofakes3.PutConditions) (gofakes3.PutObjectResult, error) {
	if conditions != nil && conditions.IfMatch != nil {
		etag := o.storedETag(bucket, key, *conditions.IfMatch)
		conditions.IfMatch = &etag
	}
	return gofakes3.PutObjectResult{}, o.put(bucket, key, keptMetadata(meta), "", content, size, conditions)
}

// keptMetadata returns the fields of a request that belong to the object, under
// their own names.
func keptMetadata(meta map[string]string) map[string]string {
	kept := make(map[string]string)
	for name, value := range meta {
		kept[strings.TrimPrefix(name, keptPrefix)] = value
	}
	return kept
}

// GetObject implements gofakes3.Backend.
func (o objects) GetObject(bucket, key string, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	object, err := o.storage.GetObject(bucket, key, part)
	return unwrap(object), about("read", bucket, key, err)
}

// HeadObject implements gofakes3.Backend.
func (o objects) HeadObject(bucket, key string) (*gofakes3.Object, error) {
	object, err := o.storage.HeadObject(bucket, key)
	return unwrap(object), about("read", bucket, key, err)
}

// unwrap returns an object with the metadata of its record.
func unwrap(object *gofakes3.Object) *gofakes3.Object {
	if object == nil {
		return nil
	}
	object.VersionID = ""
	text, ok := object.Metadata[recordName]
	if !ok { // it is from an older gateway's directory
		return object
	}
	var r record
	_ = json.Unmarshal([]byte(text), &r) // we wrote it
	object.Metadata = r.Metadata
	if r.ETag != "" {
		object.Metadata[etagField] = r.ETag
	}
	return object
}

// etagOf returns the ETag of an object that unwrap returned.
func etagOf(object *gofakes3.Object) string {
	if etag := object.Metadata[etagField]; etag != "" {
		return etag
	}
	return gofakes3.FormatETag(object.Hash)
}

// storedETag returns the ETag by which gofakes3 knows the object that a client
// knows by etag, or etag itself. gofakes3 compares those of conditions with the
// MD5 of the content.
func (o objects) storedETag(bucket, key, etag string) string {
	if !strings.Contains(etag, "-") { // the MD5 has none
		return etag
	}
	object, err := o.HeadObject(bucket, key)
	if err != nil || strings.Trim(etag, `"`) != strings.Trim(etagOf(object), `"`) {
		return etag
	}
	return gofakes3.FormatETag(object.Hash)
}

// DeleteObject implements gofakes3.Backend.
func (o objects) DeleteObject(bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	_, err := o.storage.DeleteObject(bucket, key)
	return gofakes3.ObjectDeleteResult{}, about("delete", bucket, key, err)
}

// DeleteMulti implements gofakes3.Backend.
func (o objects) DeleteMulti(bucket string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	result, err := o.storage.DeleteMulti(bucket, keys...)
	return result, about("delete", bucket, fmt.Sprintf("(%d keys)", len(keys)), err)
}

// CopyObject implements gofakes3.Backend. copy.go copies without gofakes3, which
// mixes the metadata of both objects.
func (o objects) CopyObject(_, _, _, _ string, _ map[string]string) (gofakes3.CopyObjectResult, error) {
	return gofakes3.CopyObjectResult{}, gofakes3.ErrNotImplemented
}

// about says what was done to what when err came, unless the client is to be told
// err: the log then names the bucket, and the object if there is a key.
func about(verb, bucket, key string, err error) error {
	var told gofakes3.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	if key != "" {
		bucket += "/" + key
	}
	return fmt.Errorf("%s %s: %w", verb, bucket, err)
}
