package vectors

import "strings"

// pages are where the facts stand that rows name.
const pages = "https://github.com/s3cors/s3cors/blob/main/docs/"

// Link returns the address of the row with that id, on the page about Amazon S3 or
// on that about Ceph.
func Link(row string) string {
	page := "s3-cors.md"
	if strings.HasPrefix(row, "ceph-") {
		page = "ceph-cors.md"
	}
	return pages + page + "#" + strings.Replace(row, "/", "-", 1)
}
