#!/bin/sh
# Every page as every role, in three languages and as JSON: see tests/crawl/crawl.mjs.
exec "$(dirname "$0")/with-demo" node "$(dirname "$0")/crawl/crawl.mjs"
