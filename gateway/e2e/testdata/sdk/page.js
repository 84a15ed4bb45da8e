// What a page does with the AWS SDK for JavaScript. Each function is called by a
// test, with the gateway and a bucket, and returns what the page could see.

import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const clientOf = endpoint => new S3Client({
	endpoint,
	region: "us-east-1",
	forcePathStyle: true,
	maxAttempts: 1,
	credentials: { accessKeyId: "any", secretAccessKey: "any" },
});

const seen = async response => ({
	status: response.status,
	etag: response.headers.get("etag"),
	location: response.headers.get("location"),
	body: await response.text(),
});

async function presignedPut(endpoint, Bucket) {
	const put = new PutObjectCommand({ Bucket, Key: "a key/ü+", ContentType: "text/csv" });
	const url = await getSignedUrl(clientOf(endpoint), put, { expiresIn: 60 });
	return seen(await fetch(url, { method: "PUT", headers: { "Content-Type": "text/csv" }, body: "hello" }));
}

async function presignedPost(endpoint, Bucket, content) {
	const { url, fields } = await createPresignedPost(clientOf(endpoint), {
		Bucket,
		Key: "posts/${filename}",
		Expires: 60,
		Conditions: [["content-length-range", 1, 5], ["starts-with", "$Content-Type", "text/"]],
		Fields: { success_action_status: "201", "x-amz-meta-colour": "blue" },
	});
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	form.append("Content-Type", "text/plain");
	form.append("file", new File([content], "a file.txt"));
	return seen(await fetch(url, { method: "POST", body: form }));
}

async function upload(endpoint, Bucket, size) {
	const client = clientOf(endpoint);
	const params = { Bucket, Key: "large", Body: new Blob([new Uint8Array(size).fill(120)]), ContentType: "video/mp4" };
	try {
		const done = await new Upload({ client, params, partSize: 5 << 20, queueSize: 3 }).done();
		const head = await client.send(new HeadObjectCommand({ Bucket, Key: "large" }));
		return { etag: done.ETag, location: done.Location, headETag: head.ETag, size: head.ContentLength, type: head.ContentType };
	} catch (error) {
		return { error: String(error) };
	}
}

async function range(endpoint, Bucket, Key, Range) {
	const object = await clientOf(endpoint).send(new GetObjectCommand({ Bucket, Key, Range }));
	return { range: object.ContentRange, etag: object.ETag, body: await object.Body.transformToString() };
}

window.sdk = { presignedPut, presignedPost, upload, range };
