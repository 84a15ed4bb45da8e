"""Does with boto3 what people do with objects, and fails where S3 would not.

Usage: objects.py ENDPOINT BUCKET. The bucket is there, and empty.
"""

import io
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

endpoint, bucket = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="us-east-1",
    config=Config(s3={"addressing_style": "path"}),
)

assert s3.create_bucket(Bucket=bucket)["Location"] == "/" + bucket

content = b"twelve bytes" * (1 << 20)
parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
s3.upload_fileobj(io.BytesIO(content), bucket, "large", Config=parts)
etag = s3.head_object(Bucket=bucket, Key="large")["ETag"]
assert etag.endswith('-3"'), etag
s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "a copy/é+", Config=parts)
assert s3.get_object(Bucket=bucket, Key="a copy/é+")["Body"].read() == content
for i in range(7):
    s3.put_object(Bucket=bucket, Key="few/%d" % i, Body=b"content", CacheControl="no-store")
head = s3.head_object(Bucket=bucket, Key="few/0")
assert head["CacheControl"] == "no-store" and "VersionId" not in head, head

pages = s3.get_paginator("list_object_versions").paginate(
    Bucket=bucket, PaginationConfig={"PageSize": 2}
)
versions = [version for page in pages for version in page.get("Versions", [])]
assert [version["Key"] for version in versions] == ["a copy/é+"] + [
    "few/%d" % i for i in range(7)
] + ["large"], versions
assert all(version["VersionId"] == "null" and version["IsLatest"] for version in versions)
assert versions[-1]["ETag"] == etag
folded = s3.list_object_versions(Bucket=bucket, Delimiter="/")
assert [prefix["Prefix"] for prefix in folded["CommonPrefixes"]] == ["a copy/", "few/"]

s3.delete_object(Bucket=bucket, Key="large", VersionId="null")
boto3.resource(
    "s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"})
).Bucket(bucket).object_versions.delete()
assert "Versions" not in s3.list_object_versions(Bucket=bucket)
s3.delete_bucket(Bucket=bucket)
print("done")
