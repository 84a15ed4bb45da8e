package main

import (
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// ListBucket implements gofakes3.Backend. The storages are asked for the keys with
// the prefix alone, a page at a time: they lose keys that begin with the delimiter,
// and the one in memory begins a page with the common prefix that ended the last.
func (o objects) ListBucket(bucket string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	l := lister{prefix: prefix.Prefix, delimiter: prefix.Delimiter, after: page.Marker, max: page.MaxKeys, ObjectList: gofakes3.NewObjectList()}
	keys := gofakes3.Prefix{HasPrefix: prefix.Prefix != "", Prefix: prefix.Prefix}
	const most = 1000 // that S3 lists at once
	next := gofakes3.ListBucketPage{Marker: page.Marker, HasMarker: page.Marker != "", MaxKeys: most}
	for {
		all, err := o.storage.ListBucket(bucket, &keys, next)
		if err != nil {
			return nil, about("list", bucket, prefix.Prefix, err)
		}
		for _, content := range all.Contents {
			if !l.add(content) {
				return l.ObjectList, o.setETags(bucket, l.ObjectList)
			}
			next.Marker, next.HasMarker = content.Key, true
		}
		if !all.IsTruncated || len(all.Contents) == 0 {
			return l.ObjectList, o.setETags(bucket, l.ObjectList)
		}
	}
}

// setETags replaces the MD5 of objects that were uploaded in parts.
func (o objects) setETags(bucket string, list *gofakes3.ObjectList) error {
	for _, content := range list.Contents {
		object, err := o.HeadObject(bucket, content.Key)
		switch {
		case gofakes3.HasErrorCode(err, gofakes3.ErrNoSuchKey): // it is gone by now
		case err != nil:
			return err
		default:
			content.ETag = etagOf(object)
		}
	}
	return nil
}

// A lister puts together one page of a list.
type lister struct {
	prefix, delimiter string
	after             string // a key, or a common prefix
	max               int64
	*gofakes3.ObjectList
	last string // what was listed last: a key, or a common prefix
}

// add lists an object, or its common prefix unless it is listed. It returns false
// if the page is full.
func (l *lister) add(content *gofakes3.Content) bool {
	group := commonPrefix(content.Key, l.prefix, l.delimiter)
	if group != "" && (group == l.last || group == l.after) {
		return true
	}
	if int64(len(l.Contents)+len(l.CommonPrefixes)) >= l.max {
		l.IsTruncated, l.NextMarker = l.max > 0, l.last
		return false
	}
	if group == "" {
		l.Add(content)
		l.last = content.Key
		return true
	}
	l.AddPrefix(group)
	l.last = group
	return true
}

// commonPrefix returns what keys have in common with key up to the first delimiter
// behind the prefix; "" if there is none.
func commonPrefix(key, prefix, delimiter string) string {
	if delimiter == "" {
		return ""
	}
	rest, _ := strings.CutPrefix(key, prefix)
	if before, _, ok := strings.Cut(rest, delimiter); ok {
		return prefix + before + delimiter
	}
	return ""
}
