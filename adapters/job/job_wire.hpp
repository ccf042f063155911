#pragma once
#include "base/json_reader.hpp"
#include "dialect/job_dialect.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// What the families of jobs have in common. Pure.
namespace ark::adapters {

using ark::dialect::job_answer;
using ark::dialect::job_encoded;
using ark::dialect::job_request;
using ark::dialect::job_verb;

/// A request without a body, below the base URL; "{id}" in `path` becomes the id, percent-encoded.
/// With the row's constant headers and query.
job_encoded job_get(const vendor& v, std::string_view path, std::string_view id = {});
job_encoded job_delete(const vendor& v, std::string_view path, std::string_view id);
job_encoded job_post(const vendor& v, std::string_view path, std::string_view id, std::string body);
/// A file as multipart/form-data: the fields, then the bytes as `file`. errc::invalid_request for a
/// media type that cannot be sent.
result<job_encoded> job_form(
    const vendor& v, std::string_view path, const file_upload& file,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
/// The calls of a batch, one a line: {"custom_id","method","url","body"}.
std::string batch_file(const ark::dialect::batch_lines& batch);

/// Parses an answer's body, which must be an object, and reads it. errc::protocol if it is none, or
/// if `read` gives false.
result<job_answer> read_job(const ark::dialect::answer& a,
                            const std::function<bool(json::element, job_answer&)>& read);
/// Parses lines of JSON, each an object. errc::protocol names the line that is none.
result<job_answer> read_job_lines(const ark::dialect::answer& a,
                                  const std::function<bool(json::element, job_answer&)>& read);
/// The items of the list `name`; false if there is none.
bool each_of(json::element root, std::string_view name,
             const std::function<void(json::element)>& item);

/// Seconds since 1970 of a member: a number, or RFC 3339 text; 0 if it is neither.
std::int64_t time_at(json::element e, std::string_view name);
/// The member's JSON text; "" if there is none.
std::string json_at(json::element e, std::string_view name);
error no_results_yet(const batch_info& batch);

}  // namespace ark::adapters
