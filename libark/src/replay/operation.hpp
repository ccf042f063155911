#pragma once
#include "dialect/job_dialect.hpp"
#include "replay/replay.hpp"

#include <string_view>

namespace ark::replay {

enum class operation_kind : std::uint8_t {
  other,
  chat,
  embeddings,
  rerank,
  count,
  image,
  speech,
  transcription,
  moderation,
  video,
  task,  ///< a question about what is made in the background
  job
};

/// What a recording is of. `job` counts for that kind alone.
struct recorded_operation {
  operation_kind kind = operation_kind::other;
  dialect::job_request job{};
  const dialect::media_dialect* media = nullptr;  ///< of a task: the one that knows it
  const dialect::media_dialect* video = nullptr;
  const dialect::job_dialect* jobs = nullptr;
};
/// "chat", "embeddings", ..., or the job's verb: "list of models".
std::string_view word_of(const recorded_operation& op) noexcept;

/// Told by method and path: the dialects themselves write the paths of their operations for this
/// row.
recorded_operation operation_of(const recording& r, const dialect::dialect_list& dialects,
                                const dialect::dialect& d, const vendor& v);

/// Reads a whole 2xx answer into `out`: reply, items, or error.
void read_whole(const recording& r, const dialect::dialect& d, const vendor& v,
                const recorded_operation& op, replay_result& out);

/// "https://host/a/b?c" -> "/a/b".
std::string_view path_of(std::string_view url) noexcept;

}  // namespace ark::replay
