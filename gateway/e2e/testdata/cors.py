"""Runs operations on a bucket's CORS configuration with boto3.

Usage: cors.py ENDPOINT BUCKET. Standard input holds a JSON object a line:
{"put": <CORSConfiguration>}, {"get": true} or {"delete": true}. For each, a line
is printed: {"status": <HTTP status>}, with "CORSRules" after a get, or with
"code" and "message" of an error.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, bucket = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="us-east-1",
    config=Config(s3={"addressing_style": "path"}),
)


def perform(operation):
    if "put" in operation:
        return s3.put_bucket_cors(Bucket=bucket, CORSConfiguration=operation["put"])
    if "get" in operation:
        return s3.get_bucket_cors(Bucket=bucket)
    return s3.delete_bucket_cors(Bucket=bucket)


for line in sys.stdin:
    answer = {}
    try:
        response = perform(json.loads(line))
        if "CORSRules" in response:
            answer["CORSRules"] = response["CORSRules"]
    except ClientError as error:
        response = error.response
        answer["code"] = response["Error"]["Code"]
        answer["message"] = response["Error"]["Message"]
    answer["status"] = response["ResponseMetadata"]["HTTPStatusCode"]
    print(json.dumps(answer))
