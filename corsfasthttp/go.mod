module github.com/s3cors/s3cors/corsfasthttp

go 1.25.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/s3cors/s3cors v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/valyala/fasthttp v1.73.0
)

require (
	github.com/andybalholm/brotli v1.2.2 // indirect
	github.com/klauspost/compress v1.19.1 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/s3cors/s3cors => ../
