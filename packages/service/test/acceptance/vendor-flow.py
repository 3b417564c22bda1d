"""The flow of the vendor's public reference with Python's standard library: only base URL, key and file are ours."""
import json
import sys
import time
import urllib.request

base_url, key, path = sys.argv[1:4]


def call(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method, headers=headers)) as response:
        return json.load(response)["data"]


with open(path, "rb") as file:
    video = file.read()

job = call("POST", f"{base_url}/api/v1/mocap/jobs", {
    "title": "Walk", "sourceType": "upload", "sourceFilename": "walk.mp4", "sourceBytes": len(video),
    "sourceDurationSec": 2, "trimStartSec": 0, "trimEndSec": 2, "targetId": "default",
})
job_id = job["jobId"]
upload = urllib.request.Request(job["uploadUrl"], data=video, method="PUT", headers={"Content-Type": "video/mp4"})
urllib.request.urlopen(upload).read()
call("POST", f"{base_url}/api/v1/mocap/jobs/{job_id}/complete-upload", {})
while True:
    state = call("GET", f"{base_url}/api/v1/mocap/jobs/{job_id}")["job"]
    if state["status"] in ("completed", "failed", "canceled"):
        break
    time.sleep(0.1)
result = call("GET", f"{base_url}/api/v1/mocap/jobs/{job_id}/result")
print(json.dumps({name: result.get(name) for name in ("resultType", "previewVideoUrl", "fbxUrl", "motionJsonUrl")} | {"status": state["status"]}))
