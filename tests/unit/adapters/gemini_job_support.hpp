#pragma once
#include "gemini_support.hpp"
#include "job/gemini_jobs.hpp"

#include <boost/json/parse.hpp>

namespace ark::test::gemini_job {
using dialect::job_answer;
using dialect::job_encoded;
using dialect::job_request;
using dialect::job_verb;

inline result<job_encoded> encode(const job_request& r) {
  return adapters::gemini_jobs().encode(r, gemini::row());
}

inline result<job_answer> decode(const job_request& r, const std::string& body,
                                 wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::gemini_jobs().decode(r, {head, body}, gemini::row());
}

inline job_request ask(job_verb verb, std::string id = {}, std::string cursor = {}) {
  return {.verb = verb, .id = std::move(id), .cursor = std::move(cursor)};
}

inline std::string line_of(const job_request& r) {
  const auto made = encode(r);
  if (!made) return "error: " + made.error().message;
  return made->request.method + " " + made->before_base + made->request.target;
}

inline boost::json::value body_of_job(const result<job_encoded>& made) {
  return made ? boost::json::parse(made->request.body) : boost::json::value{};
}

inline constexpr const char* file_json = R"({"name":"files/q1","displayName":"t.txt","mimeType":
  "text/plain","sizeBytes":"34","createTime":"2026-05-29T18:08:10.139755Z","expirationTime":
  "2026-05-31T18:08:09.9Z","uri":"https://h.test/v1beta/files/q1","state":"ACTIVE"})";

}  // namespace ark::test::gemini_job
