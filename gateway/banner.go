package main

import (
	"fmt"
	"io"
	"net"
	"strings"
)

// printBanner says where the gateway listens, on the first line, what it is not,
// and how to try it.
func printBanner(w io.Writer, addr net.Addr, dir, host string) error {
	place := "in memory, until the gateway stops"
	if dir != "" {
		place = "in " + dir
	}
	style := "path style: http://" + addr.String() + "/bucket/key"
	if host != "" {
		_, port, err := net.SplitHostPort(addr.String())
		if err != nil {
			return err
		}
		style += ", and http://bucket." + net.JoinHostPort(host, port) + "/key"
	}
	_, err := fmt.Fprint(w, strings.NewReplacer(
		"{url}", "http://"+addr.String(), "{place}", place, "{style}", style).Replace(banner))
	return err
}

// banner's commands are a test.
const banner = `s3cors gateway on {url}

There is no authentication: whoever reaches this address may do anything, and any
credentials are accepted. Buckets and objects are kept {place}.
Addresses are {style}.

Try, in another terminal:

  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
  aws --endpoint-url {url} s3api create-bucket --bucket demo
  aws --endpoint-url {url} s3api put-bucket-cors --bucket demo --cors-configuration \
    '{"CORSRules":[{"AllowedOrigins":["http://www.example.com"],"AllowedMethods":["GET"],"AllowedHeaders":["*"],"MaxAgeSeconds":3000}]}'
  aws --endpoint-url {url} s3api get-bucket-cors --bucket demo
  curl -i -X OPTIONS -H "Origin: http://www.example.com" -H "Access-Control-Request-Method: GET" {url}/demo/key

Ctrl-C stops it.
`
