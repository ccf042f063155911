#pragma once
#include "dialect/job_dialect.hpp"

#include <string_view>

// The parts that gemini_jobs is made of; nobody else's business.
namespace ark::adapters::gemini_job {

/// "files/abc" and "abc" -> "abc", where the collection is "files/".
inline std::string_view short_id(std::string_view id, std::string_view collection) {
  if (id.starts_with(collection)) id.remove_prefix(collection.size());
  return id;
}

/// A batch's cursor: the name of the file with its calls, or where that file's bytes go.
inline bool is_file_name(std::string_view cursor) { return cursor.starts_with("files/"); }

result<ark::dialect::job_answer> decode(const ark::dialect::job_request& r,
                                        const ark::dialect::answer& a, const vendor& v);

}  // namespace ark::adapters::gemini_job
