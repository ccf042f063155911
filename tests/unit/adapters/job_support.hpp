#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/job_dialect.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

/// What the tests of the families of jobs share.
namespace ark::test::job {

using dialect::job_answer;
using dialect::job_encoded;
using dialect::job_request;
using dialect::job_verb;

/// A row without quirks.
inline vendor plain_row() {
  vendor v;
  v.name = "toy";
  v.base_url = "https://host.example/v1";
  return v;
}

/// The family of the built-in row; "" if there is no such row.
inline std::string family_of(std::string_view row) {
  if (const auto rows = catalog::unpack_vendors(adapters::vendor_rows()))
    for (const vendor& v : *rows)
      if (v.name == row) return v.job_dialect;
  return {};
}

inline job_request about(job_verb verb, std::string id = {}, std::string cursor = {}) {
  return {.verb = verb, .id = std::move(id), .cursor = std::move(cursor)};
}

/// One family and a row of it.
struct family {
  const dialect::job_dialect& jobs;
  vendor row = plain_row();

  result<job_encoded> encode(const job_request& r) const { return jobs.encode(r, row); }
  /// "GET /models"
  std::string line(const job_request& r) const {
    const auto made = jobs.encode(r, row);
    return made ? made->request.method + " " + made->request.target : to_string(made.error());
  }
  std::string header(const job_request& r, std::string_view name) const {
    const auto made = jobs.encode(r, row);
    return made ? std::string(wire::find_header(made->request.headers, name))
                : to_string(made.error());
  }
  result<job_answer> decode(const job_request& r, std::string_view body) const {
    const wire::http_head head{200, {}};
    return jobs.decode(r, {head, body}, row);
  }
  /// The only batch of an answer; "?" for its id if there is none or more.
  batch_info batch(const std::string& body,
                   const job_request& r = about(job_verb::get_batch)) const {
    const auto got = decode(r, body);
    if (got && got->batches.size() == 1) return got->batches.front();
    return {.id = "?"};
  }
  file_info file(const std::string& body) const {
    const auto got = decode(about(job_verb::get_file), body);
    return got && got->files.size() == 1 ? got->files.front() : file_info{.id = "?"};
  }
  listed_model model(const std::string& body) const {
    const auto got = decode(about(job_verb::get_model), body);
    return got && got->models.size() == 1 ? got->models.front() : listed_model{.id = "?"};
  }
};

inline boost::json::value body_of(const result<job_encoded>& made) {
  if (!made) return test::body_of(result<dialect::encoded>(made.error()));
  dialect::encoded e;
  e.request.body = made->request.body;
  return test::body_of(result<dialect::encoded>(std::move(e)));
}

inline dialect::batch_line batch_line(std::string id, std::string body = "{}",
                                      wire::header_list headers = {}) {
  return {.custom_id = std::move(id),
          .request = {.method = "POST",
                      .target = "/v1/chat/completions",
                      .headers = std::move(headers),
                      .body = std::move(body)}};
}

/// Two calls of model m.
inline dialect::batch_lines two_calls(std::string name = {}) {
  return {.model = "m",
          .name = std::move(name),
          .lines = {batch_line("a", R"({"n":1})"), batch_line("b", R"({"n":2})")}};
}

inline job_request submission(const dialect::batch_lines& batch, std::string cursor = {}) {
  return {.verb = job_verb::submit_batch, .id = {}, .cursor = std::move(cursor), .batch = &batch};
}

}  // namespace ark::test::job
