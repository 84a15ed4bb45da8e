package main

import (
	"bytes"
	"cmp"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// uploads are those in parts that are under way, all in memory. It takes the place
// of gofakes3's own, which tells one ETag on completion and another one later.
type uploads struct {
	objects objects

	mu  sync.Mutex
	all map[gofakes3.UploadID]*upload
}

// An upload is guarded by the lock of uploads.
type upload struct {
	id          gofakes3.UploadID
	bucket, key string
	meta        map[string]string
	begun       time.Time
	parts       map[int]part
}

// A part is immutable.
type part struct {
	content  []byte
	sum      [md5.Size]byte
	modified time.Time
}

func (p part) etag() string { return gofakes3.FormatETag(p.sum[:]) }

// CreateMultipartUpload implements gofakes3.MultipartBackend.
func (u *uploads) CreateMultipartUpload(bucket, key string, meta map[string]string) (gofakes3.UploadID, error) {
	if len(key) > gofakes3.KeySizeLimit {
		return "", gofakes3.ErrKeyTooLong
	}
	begun := &upload{
		id: gofakes3.UploadID(rand.Text()), bucket: bucket, key: key,
		meta: keptMetadata(meta), begun: time.Now(), parts: make(map[int]part),
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = make(map[gofakes3.UploadID]*upload)
	}
	u.all[begun.id] = begun
	return begun.id, nil
}

// find returns an upload; the caller holds the lock.
func (u *uploads) find(bucket, key string, id gofakes3.UploadID) (*upload, error) {
	found := u.all[id]
	if found == nil || found.bucket != bucket || found.key != key {
		return nil, gofakes3.ErrNoSuchUpload
	}
	return found, nil
}

// UploadPart implements gofakes3.MultipartBackend.
func (u *uploads) UploadPart(bucket, key string, id gofakes3.UploadID, number int, size int64, content io.Reader) (etag string, err error) {
	all, err := gofakes3.ReadAll(content, size)
	if err != nil {
		return "", err
	}
	p := part{all, md5.Sum(all), time.Now()}
	u.mu.Lock()
	defer u.mu.Unlock()
	found, err := u.find(bucket, key, id)
	if err != nil {
		return "", err
	}
	found.parts[number] = p
	return p.etag(), nil
}

// CompleteMultipartUpload implements gofakes3.MultipartBackend.
func (u *uploads) CompleteMultipartUpload(bucket, key string, id gofakes3.UploadID, request *gofakes3.CompleteMultipartUploadRequest) (_ gofakes3.VersionID, etag string, err error) {
	parts, meta, err := u.chosen(bucket, key, id, request.Parts)
	if err != nil {
		return "", "", err
	}
	var contents []io.Reader
	var size int64
	sums := md5.New()
	for _, p := range parts {
		contents = append(contents, bytes.NewReader(p.content))
		size += int64(len(p.content))
		sums.Write(p.sum[:])
	}
	etag = fmt.Sprintf(`"%s-%d"`, hex.EncodeToString(sums.Sum(nil)), len(parts))
	if err := u.objects.put(bucket, key, meta, etag, io.MultiReader(contents...), size, nil); err != nil {
		return "", "", err
	}
	return "", etag, u.AbortMultipartUpload(bucket, key, id)
}

// chosen returns the parts that a client wants, if they are those that it sent.
func (u *uploads) chosen(bucket, key string, id gofakes3.UploadID, wanted []gofakes3.CompletedPart) ([]part, map[string]string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	found, err := u.find(bucket, key, id)
	if err != nil {
		return nil, nil, err
	}
	if len(wanted) == 0 {
		return nil, nil, gofakes3.ErrMalformedXML
	}
	var parts []part
	for i, w := range wanted {
		p, ok := found.parts[w.PartNumber]
		switch {
		case i > 0 && w.PartNumber <= wanted[i-1].PartNumber:
			return nil, nil, gofakes3.ErrInvalidPartOrder
		case !ok || strings.Trim(w.ETag, `"`) != strings.Trim(p.etag(), `"`):
			return nil, nil, gofakes3.ErrInvalidPart
		}
		parts = append(parts, p)
	}
	return parts, found.meta, nil
}

// AbortMultipartUpload implements gofakes3.MultipartBackend.
func (u *uploads) AbortMultipartUpload(bucket, key string, id gofakes3.UploadID) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, err := u.find(bucket, key, id); err != nil {
		return err
	}
	delete(u.all, id)
	return nil
}

// forget ends the uploads of a bucket.
func (u *uploads) forget(bucket string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.DeleteFunc(u.all, func(_ gofakes3.UploadID, one *upload) bool { return one.bucket == bucket })
}

// ListParts implements gofakes3.MultipartBackend.
func (u *uploads) ListParts(bucket, key string, id gofakes3.UploadID, after int, limit int64) (*gofakes3.ListMultipartUploadPartsResult, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	found, err := u.find(bucket, key, id)
	if err != nil {
		return nil, err
	}
	list := &gofakes3.ListMultipartUploadPartsResult{
		Bucket: bucket, Key: key, UploadID: id, StorageClass: gofakes3.StorageStandard, MaxParts: limit, PartNumberMarker: after,
	}
	for _, number := range slices.Sorted(maps.Keys(found.parts)) {
		switch p := found.parts[number]; {
		case number <= after:
		case int64(len(list.Parts)) >= limit:
			list.IsTruncated = true
			return list, nil
		default:
			list.NextPartNumberMarker = number
			list.Parts = append(list.Parts, gofakes3.ListMultipartUploadPartItem{
				PartNumber: number, LastModified: gofakes3.NewContentTime(p.modified), ETag: p.etag(), Size: int64(len(p.content)),
			})
		}
	}
	return list, nil
}

// ListMultipartUploads implements gofakes3.MultipartBackend.
func (u *uploads) ListMultipartUploads(bucket string, marker *gofakes3.UploadListMarker, prefix gofakes3.Prefix, limit int64) (*gofakes3.ListMultipartUploadsResult, error) {
	list := &gofakes3.ListMultipartUploadsResult{
		Bucket: bucket, Prefix: prefix.Prefix, Delimiter: prefix.Delimiter, MaxUploads: limit,
	}
	under := u.under(bucket, prefix.Prefix)
	if marker != nil {
		list.KeyMarker, list.UploadIDMarker = marker.Object, marker.UploadID
		under = behind(under, *marker)
	}
	for _, one := range under {
		group := commonPrefix(one.key, prefix.Prefix, prefix.Delimiter)
		last := len(list.CommonPrefixes) - 1
		switch {
		case group != "" && (group == list.KeyMarker || last >= 0 && list.CommonPrefixes[last].Prefix == group):
		case int64(len(list.Uploads)+len(list.CommonPrefixes)) >= limit:
			list.IsTruncated = true
			return list, nil
		case group != "":
			list.CommonPrefixes = append(list.CommonPrefixes, gofakes3.CommonPrefix{Prefix: group})
			list.NextKeyMarker, list.NextUploadIDMarker = group, ""
		default:
			list.Uploads = append(list.Uploads, gofakes3.ListMultipartUploadItem{
				Key: one.key, UploadID: one.id, StorageClass: gofakes3.StorageStandard, Initiated: gofakes3.NewContentTime(one.begun),
			})
			list.NextKeyMarker, list.NextUploadIDMarker = one.key, one.id
		}
	}
	list.NextKeyMarker, list.NextUploadIDMarker = "", ""
	return list, nil
}

// under returns the uploads whose keys have a prefix, by key and then by age.
func (u *uploads) under(bucket, prefix string) []*upload {
	u.mu.Lock()
	defer u.mu.Unlock()
	var found []*upload
	for _, one := range u.all {
		if one.bucket == bucket && strings.HasPrefix(one.key, prefix) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b *upload) int {
		return cmp.Or(cmp.Compare(a.key, b.key), a.begun.Compare(b.begun), cmp.Compare(a.id, b.id))
	})
	return found
}

// behind returns the uploads that come after a marker. Without an id it stands
// behind all uploads of its key.
func behind(sorted []*upload, marker gofakes3.UploadListMarker) []*upload {
	for i, one := range sorted {
		switch {
		case one.key > marker.Object:
			return sorted[i:]
		case one.key == marker.Object && one.id == marker.UploadID:
			return sorted[i+1:]
		}
	}
	return nil
}
