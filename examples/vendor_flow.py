#!/usr/bin/env python3
"""The published reference flow of the AIMoCap API, with nothing but Python's standard library.

Only three things differ from a program written for the vendor: the base URL, the key and the file.

    GAITWAY_URL=http://127.0.0.1:8080 GAITWAY_API_KEY=sk-... python3 examples/vendor_flow.py samples/walk_front.mp4 6.0
"""
import json
import os
import sys
import time
import urllib.request

BASE_URL = os.environ.get("GAITWAY_URL", "http://127.0.0.1:8080")
API_KEY = os.environ["GAITWAY_API_KEY"]
POLL_SEC = 2
TIMEOUT_SEC = 1800


def call(method, path, body=None):
    """One request of the API; the answer is what stands under "data"."""
    request = urllib.request.Request(
        BASE_URL + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def upload(url, path):
    """Raw bytes, no Authorization: the URL is the permission."""
    with open(path, "rb") as video:
        request = urllib.request.Request(
            url,
            method="PUT",
            data=video,
            headers={"Content-Type": "video/mp4", "Content-Length": str(os.path.getsize(path))},
        )
        with urllib.request.urlopen(request, timeout=600):
            pass


def wait(job_id):
    deadline = time.monotonic() + TIMEOUT_SEC
    while time.monotonic() < deadline:
        job = call("GET", f"/api/v1/mocap/jobs/{job_id}")["job"]
        print("status:", job["status"], flush=True)
        if job["status"] in ("completed", "failed", "canceled"):
            return job
        time.sleep(POLL_SEC)
    raise SystemExit(f"job {job_id} has not ended in time")


def main():
    path, duration_sec = sys.argv[1], float(sys.argv[2])
    created = call(
        "POST",
        "/api/v1/mocap/jobs",
        {
            "title": "Reference flow",
            "targetId": "default",
            "sourceType": "upload",
            "sourceFilename": os.path.basename(path),
            "sourceBytes": os.path.getsize(path),
            "sourceDurationSec": duration_sec,
            "trimStartSec": 0,
            "trimEndSec": duration_sec,
        },
    )
    job_id = created["jobId"]
    print("jobId:", job_id, flush=True)
    upload(created["uploadUrl"], path)
    call("POST", f"/api/v1/mocap/jobs/{job_id}/complete-upload", {})
    wait(job_id)
    result = call("GET", f"/api/v1/mocap/jobs/{job_id}/result")
    for field in ("resultType", "previewVideoUrl", "fbxUrl", "motionJsonUrl"):
        print(f"{field}:", result.get(field))
    return 0 if result["status"] == "completed" else 1


if __name__ == "__main__":
    sys.exit(main())
