#pragma once
#include <string>

#include "cli/call_options.hpp"
#include "cli/mistake.hpp"

namespace ark::cli {

/// As `apply`, for a call to a model that has to be named: `example` is one.
template <class Call>
result<void> apply_named(const call_options& o, const settings& all, const std::string& example,
                         Call& out) {
  if (o.model.empty()) return usage_mistake("name a model with -m, as in " + example);
  call common;
  if (auto ok = apply(o, all, common); !ok) return ok;
  out.model = o.model;
  out.timeouts = common.timeouts;
  out.retry = common.retry;
  out.task = std::move(common.task);
  out.run = std::move(common.run);
  out.tenant = std::move(common.tenant);
  out.user = std::move(common.user);
  out.tags = std::move(common.tags);
  return {};
}

/// Writes bytes to a file (mode 0644), or with "-" to standard output.
inline result<void> write_bytes(context& ctx, const std::string& file, std::string_view bytes) {
  constexpr unsigned readable = 0644;
  if (file != "-") return os::write_file(file, bytes, readable);
  ctx.out.write(bytes).flush();
  return {};
}

/// "cat.png" -> "cat-2.png" for the second of several.
inline std::string numbered_file(const std::string& output, std::size_t index, std::size_t count) {
  if (count == 1 || output == "-") return output;
  const auto slash = output.rfind('/');
  auto dot = output.rfind('.');
  if (dot == output.npos || (slash != output.npos && dot < slash)) dot = output.size();
  return output.substr(0, dot) + "-" + std::to_string(index + 1) + output.substr(dot);
}

}  // namespace ark::cli
