#pragma once
#include <mutex>
#include <string>

#include "client/contents.hpp"
#include "os/os.hpp"

namespace ark::detail {

/// "DIRECTORY/2026-11-28/CALL_ID": a file (0600) for each call.
class content_folder final : public content_sink {
 public:
  static result<std::shared_ptr<content_folder>> open(content_options options,
                                                      os::system& os = os::real());

  result<void> keep(const kept_content& content) override;
  result<kept_content> find(const std::string& call_id) const;
  result<std::int64_t> remove_before(std::chrono::system_clock::time_point before);

 private:
  content_folder(content_options options, os::system& os) : options_(std::move(options)), os_(os) {}
  result<std::string> seal(std::string_view plain) const;
  result<std::string> open_text(std::string_view stored) const;
  void remove_old(std::chrono::system_clock::time_point now);

  content_options options_;
  os::system& os_;
  std::mutex mutex_;
  std::string swept_;  ///< the day on which old ones were removed last
};

}  // namespace ark::detail
