package convert_test

import (
	"fmt"

	"github.com/s3cors/s3cors/convert"
)

// A bucket moves from Google Cloud Storage to S3, and Terraform shall set it up.
func Example() {
	const cors = `[{"origin": ["https://app.example.com"], "method": ["GET", "OPTIONS"], "maxAgeSeconds": 3600}]`
	document, err := convert.Read([]byte(cors), convert.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, loss := range document.Losses {
		fmt.Printf("%d:%d: %s: %s\n", loss.Start.Line, loss.Start.Column, loss.Path, loss.Text)
	}
	written, err := convert.Write(document.Configuration, convert.WriteOptions{Format: convert.Terraform, Bucket: "photos"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(written.Text))
	// Output:
	// 1:60: CORSRules[0].AllowedMethods[1]: S3 lists no OPTIONS: it answers preflights by itself
	// resource "aws_s3_bucket_cors_configuration" "cors" {
	//   bucket = "photos"
	//
	//   cors_rule {
	//     allowed_methods = ["GET"]
	//     allowed_origins = ["https://app.example.com"]
	//     max_age_seconds = 3600
	//   }
	// }
}
