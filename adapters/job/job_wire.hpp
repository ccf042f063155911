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
/// A request of a new batch after which none of its calls is begun: its file.
result<job_encoded> preparatory(result<job_encoded> made);
/// The calls of a batch, one a line: {"custom_id","method","url","body"}.
std::string batch_file(const ark::dialect::batch_lines& batch);
/// {"custom_id","body"} each: where the calls go is said elsewhere.
std::string batch_bodies(const ark::dialect::batch_lines& batch);

/// Parses an answer's body and reads it. errc::protocol if it is not JSON, or if `read` gives
/// false.
result<job_answer> read_job(const ark::dialect::answer& a,
                            const std::function<bool(json::element, job_answer&)>& read);
/// As `read_job`; `read` says itself what is wrong.
result<job_answer> read_job_list(
    const ark::dialect::answer& a,
    const std::function<result<void>(json::element, job_answer&)>& read);
/// Reads what became of one call, its custom id first. False: it cannot be read.
using result_reader = bool (*)(json::element, ark::dialect::batch_line_result&);
/// Adds one result of a batch. `where` names its place, for one that cannot be read (as none can
/// that is no JSON).
void add_result(const result<json::element>& e, std::string_view where, result_reader read,
                job_answer& out);
/// Parses lines of JSON, each a result; `place` is what has them ("file f1"). A line that cannot be
/// read is a result that says so. errc::protocol if that is so of all lines, and none has an id.
result<job_answer> read_result_lines(const ark::dialect::answer& a, std::string_view place,
                                     result_reader read);
/// The items of the list `name`, or of `root` itself if that is ""; false if there is none.
bool each_of(json::element root, std::string_view name,
             const std::function<void(json::element)>& item);
/// As `each_of`. errc::protocol if there is no list, or names the item that is not read, from 1.
result<void> read_items(json::element root, std::string_view name,
                        const std::function<bool(json::element)>& item);

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
