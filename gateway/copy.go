package main

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors/corsserver"
)

// Copies, of objects and as parts of an upload. gofakes3 knows the former, and
// mixes the metadata of both objects.

// copySource returns what x-amz-copy-source names.
func copySource(header http.Header) (bucket, key string, err error) {
	source, version, _ := strings.Cut(header.Get(copySourceField), "?versionId=")
	if version != "" && version != "null" {
		return "", "", corsserver.HeaderNotImplemented("x-amz-copy-source")
	}
	source, err = url.QueryUnescape(source) // S3 reads a plus sign as a space
	bucket, key, ok := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	if err != nil || !ok || key == "" {
		return "", "", invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
			"x-amz-copy-source", header.Get(copySourceField))
	}
	if gofakes3.ValidateBucketName(bucket) != nil {
		return "", "", corsserver.NoSuchBucket()
	}
	return bucket, key, nil
}

const copySourceField = "X-Amz-Copy-Source"

// source opens what x-amz-copy-source names, or the part of it that part names.
func (h handlers) source(c call, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	bucket, key, err := copySource(c.header)
	if err != nil {
		return nil, err
	}
	exists, err := h.BucketExists(bucket)
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, corsserver.NoSuchBucket()
	}
	object, err := h.GetObject(bucket, key, part)
	if err != nil {
		return nil, err
	}
	if !copyWanted(c.header, object) {
		return nil, gofakes3.ErrPreconditionFailed
	}
	return object, nil
}

// copyWanted reports whether the conditions of a copy hold. One about an ETag
// outweighs the one about a time that goes with it.
func copyWanted(header http.Header, object *gofakes3.Object) bool {
	etag := strings.Trim(etagOf(object), `"`)
	modified, _ := http.ParseTime(object.Metadata["Last-Modified"])
	condition := func(name string) string { return header.Get(copySourceField + "-If-" + name) }
	if match := condition("Match"); match != "" {
		if strings.Trim(match, `"`) != etag {
			return false
		}
	} else if t, err := http.ParseTime(condition("Unmodified-Since")); err == nil && modified.After(t) {
		return false
	}
	if none := condition("None-Match"); none != "" {
		return strings.Trim(none, `"`) != etag
	}
	t, err := http.ParseTime(condition("Modified-Since"))
	return err != nil || modified.After(t)
}

// copied is what S3 answers to a copy.
type copied struct {
	XMLName      xml.Name
	LastModified gofakes3.ContentTime
	ETag         string
}

// copyObject is PUT of an object with x-amz-copy-source.
func (h handlers) copyObject(c call) error {
	object, err := h.source(c, nil)
	if err != nil {
		return err
	}
	defer object.Contents.Close()
	meta := object.Metadata
	delete(meta, etagField)
	switch directive := c.header.Get("X-Amz-Metadata-Directive"); directive {
	case "", "COPY":
		if bucket, key, _ := copySource(c.header); bucket == c.address.Bucket && key == c.address.Key {
			return corsserver.BadRequest("InvalidRequest", "This copy request is illegal because it is trying to copy an object to "+
				"itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
		}
	case "REPLACE":
		if meta, err = metadataOf(c.header); err != nil {
			return err
		}
	default:
		return invalidArgument("Unknown metadata directive.", "x-amz-metadata-directive", directive)
	}
	if err := h.put(c.address.Bucket, c.address.Key, meta, "", object.Contents, object.Size, nil); err != nil {
		return err
	}
	c.writeXML(copied{xml.Name{Local: "CopyObjectResult"}, gofakes3.NewContentTime(time.Now()), gofakes3.FormatETag(object.Hash)})
	return nil
}

// copyPart is PUT of a part with x-amz-copy-source.
func (h handlers) copyPart(c call) error {
	query := c.request.URL.Query()
	number, err := strconv.Atoi(query.Get("partNumber"))
	if err != nil || number < 1 || number > gofakes3.MaxUploadPartNumber {
		return invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", query.Get("partNumber"))
	}
	part, err := copyRange(c.header.Get(copySourceField + "-Range"))
	if err != nil {
		return err
	}
	object, err := h.source(c, part)
	if err != nil {
		return err
	}
	defer object.Contents.Close()
	size := object.Size
	if object.Range != nil {
		size = object.Range.Length
	}
	id := gofakes3.UploadID(query.Get("uploadId"))
	etag, err := h.UploadPart(c.address.Bucket, c.address.Key, id, number, size, object.Contents)
	if err != nil {
		return err
	}
	c.writeXML(copied{xml.Name{Local: "CopyPartResult"}, gofakes3.NewContentTime(time.Now()), etag})
	return nil
}

// copyRange reads x-amz-copy-source-range, which names the first and the last
// byte; nil is all.
func copyRange(value string) (*gofakes3.ObjectRangeRequest, error) {
	if value == "" {
		return nil, nil
	}
	first, last, _ := strings.Cut(strings.TrimPrefix(value, "bytes="), "-")
	start, err1 := strconv.ParseUint(first, 10, 62)
	end, err2 := strconv.ParseUint(last, 10, 62)
	if err1 != nil || err2 != nil || start > end || !strings.HasPrefix(value, "bytes=") {
		return nil, invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "+
			"are the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", value)
	}
	return &gofakes3.ObjectRangeRequest{Start: int64(start), End: int64(end)}, nil
}
