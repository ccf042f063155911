#include "bench.hpp"

#include <curl/curl.h>
#include <stdexcept>

// Bare libcurl-multi: it fetches and parses nothing.
namespace ark::bench {
namespace {

std::size_t count_bytes(char*, std::size_t size, std::size_t n, void* seen) {
  *static_cast<std::size_t*>(seen) += size * n;
  return size * n;
}

}  // namespace

figures run_curl(const workload& w) {
  curl_global_init(CURL_GLOBAL_ALL);
  const std::string url = "http://127.0.0.1:" + std::to_string(w.port) + w.path;
  const std::string body = request_body(w.stream);
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Authorization: Bearer sk-bench");
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(w.concurrency));
  figures out;
  std::size_t bytes = 0;
  std::size_t begun = 0;
  std::vector<CURL*> all;
  for (; begun < std::min(w.concurrency, w.count); ++begun) {
    CURL* const one = all.emplace_back(curl_easy_init());
    curl_easy_setopt(one, CURLOPT_URL, url.c_str());
    curl_easy_setopt(one, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(one, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(one, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(one, CURLOPT_WRITEFUNCTION, count_bytes);
    curl_easy_setopt(one, CURLOPT_WRITEDATA, &bytes);
    curl_easy_setopt(one, CURLOPT_NOSIGNAL, 1L);
    curl_multi_add_handle(multi, one);
  }
  int running = 1;
  while (out.calls < w.count) {
    curl_multi_perform(multi, &running);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      if (message->data.result != CURLE_OK) throw std::runtime_error("curl failed");
      CURL* const one = message->easy_handle;
      ++out.calls;
      curl_multi_remove_handle(multi, one);
      if (begun == w.count) continue;
      ++begun;
      curl_multi_add_handle(multi, one);
    }
    if (out.calls < w.count) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  for (CURL* const one : all) {
    curl_multi_remove_handle(multi, one);
    curl_easy_cleanup(one);
  }
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  return out;
}

}  // namespace ark::bench
