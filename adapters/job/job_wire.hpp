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
/// {"custom_id","body"} each: where the calls go is said elsewhere.
std::string batch_bodies(const ark::dialect::batch_lines& batch);

/// Parses an answer's body and reads it. errc::protocol if it is not JSON, or if `read` gives
/// false.
result<job_answer> read_job(const ark::dialect::answer& a,
                            const std::function<bool(json::element, job_answer&)>& read);
/// Parses lines of JSON, each an object. errc::protocol names the line that is none.
result<job_answer> read_job_lines(const ark::dialect::answer& a,
                                  const std::function<bool(json::element, job_answer&)>& read);
/// The items of the list `name`, or of `root` itself if that is ""; false if there is none.
bool each_of(json::element root, std::string_view name,
             const std::function<void(json::element)>& item);

/// Seconds since 1970 of a member: a number, or RFC 3339 text; 0 if it is neither.
std::int64_t time_at(json::element e, std::string_view name);
/// The first of these members that is a number above 0; 0 if there is none.
std::int64_t first_integer(json::element e, std::initializer_list<std::string_view> names);
/// The member `name`, if it is an object; else `e` itself. Some vendors wrap what they answer.
json::element inside(json::element e, std::string_view name);
/// The member is there and true.
bool is_true(json::element e, std::string_view name);
/// The member's JSON text; "" if there is none.
std::string json_at(json::element e, std::string_view name);
/// The next page of a list with `has_more` and `last_id`, if it says that there is one.
void next_after(json::element root, const job_request& r, job_answer& out);
error no_results_yet(const batch_info& batch);

}  // namespace ark::adapters
