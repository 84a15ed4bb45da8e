package main

import (
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// versionList is the answer to GET ?versions. In a bucket that never had versions,
// each object is its own latest version, and the id of that is "null".
type versionList struct {
	XMLName         xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name            string
	Prefix          string
	KeyMarker       string
	VersionIDMarker string `xml:"VersionIdMarker"`
	NextKeyMarker   string `xml:",omitempty"`
	NextVersionID   string `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys         int64
	Delimiter       string `xml:",omitempty"`
	EncodingType    string `xml:",omitempty"`
	IsTruncated     bool
	Versions        []version `xml:"Version"`
	CommonPrefixes  []gofakes3.CommonPrefix
}

type version struct {
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified gofakes3.ContentTime
	ETag         string
	Size         int64
	StorageClass gofakes3.StorageClass
	Owner        gofakes3.UserInfo
}

// owner is whose everything is. gofakes3 says so in other lists.
var owner = gofakes3.UserInfo{ID: "fe7272ea58be830e56fe1663b10fafef", DisplayName: "GoFakeS3"}

const nullVersion = "null"

// listVersions is GET ?versions.
func (h handlers) listVersions(c call) error {
	query := c.request.URL.Query()
	list, err := newVersionList(c.address.Bucket, query)
	if err != nil {
		return err
	}
	if err := h.requireBucket(c.address.Bucket); err != nil {
		return err
	}
	prefix := gofakes3.Prefix{Prefix: list.Prefix, Delimiter: list.Delimiter}
	page := gofakes3.ListBucketPage{Marker: list.KeyMarker, MaxKeys: list.MaxKeys}
	found, err := h.ListBucket(c.address.Bucket, &prefix, page)
	if err != nil {
		return err
	}
	list.fill(found)
	if list.EncodingType != "" {
		list.encode()
	}
	c.writeXML(list)
	return nil
}

// newVersionList reads what is to be listed.
func newVersionList(bucket string, query url.Values) (*versionList, error) {
	list := &versionList{
		Name: bucket, Prefix: query.Get("prefix"), Delimiter: query.Get("delimiter"), MaxKeys: 1000,
		KeyMarker: query.Get("key-marker"), VersionIDMarker: query.Get("version-id-marker"),
		EncodingType: query.Get("encoding-type"),
	}
	if list.VersionIDMarker != "" && list.KeyMarker == "" {
		return nil, invalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker", list.VersionIDMarker)
	}
	if list.EncodingType != "" && list.EncodingType != "url" {
		return nil, invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", list.EncodingType)
	}
	if text := query.Get("max-keys"); text != "" {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 {
			return nil, invalidArgument("Provided max-keys not an integer or within integer range", "max-keys", text)
		}
		list.MaxKeys = min(n, list.MaxKeys)
	}
	return list, nil
}

func (l *versionList) fill(found *gofakes3.ObjectList) {
	for _, content := range found.Contents {
		l.Versions = append(l.Versions, version{
			Key: content.Key, VersionID: nullVersion, IsLatest: true, LastModified: content.LastModified,
			ETag: content.ETag, Size: content.Size, StorageClass: gofakes3.StorageStandard, Owner: owner,
		})
	}
	l.CommonPrefixes, l.IsTruncated = found.CommonPrefixes, found.IsTruncated
	if !l.IsTruncated {
		return
	}
	l.NextKeyMarker = found.NextMarker
	if n := len(l.Versions); n > 0 && l.Versions[n-1].Key == found.NextMarker { // not a common prefix
		l.NextVersionID = nullVersion
	}
}

// encode escapes what may hold characters that XML cannot.
func (l *versionList) encode() {
	for _, s := range []*string{&l.Prefix, &l.KeyMarker, &l.NextKeyMarker, &l.Delimiter} {
		*s = encodeKey(*s)
	}
	for i := range l.Versions {
		l.Versions[i].Key = encodeKey(l.Versions[i].Key)
	}
	for i := range l.CommonPrefixes {
		l.CommonPrefixes[i].Prefix = encodeKey(l.CommonPrefixes[i].Prefix)
	}
}

// encodeKey escapes a key as S3 does for encoding-type=url: all but slashes, and in
// a way that those understand who take a plus sign for a space.
func encodeKey(key string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(key))
}
