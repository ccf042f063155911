#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/journal.hpp"
#include "ledger/record_wire.hpp"

/// A file beside the ledger, in memory that outlives the process: a commit is appended to it
/// without a system call. The next transaction takes what is in it into the ledger.
///
/// "LEDGER-spool-SESSION": 16 bytes of head, then frames of {size u32, checksum u32, number u64,
/// record}. Numbers grow by one for the whole life of the spool, and so tell what is still to be
/// taken (numbers above `session.spooled`) from what is left over from before the file was begun
/// again from its start.
namespace ark::detail {

/// The appending side: one process, one thread at a time.
class spool {
 public:
  /// Made lazily by the first append that needs it. Holds a lock (flock) that tells others that its
  /// process lives.
  static result<std::unique_ptr<spool>> create(const std::string& ledger_path,
                                               std::int64_t session);
  spool(const spool&) = delete;
  spool& operator=(const spool&) = delete;
  /// Removes the file: whatever is in it must have been taken. Not in a forked child.
  ~spool();

  /// All of them or, if there is no room or one is too long, none: false.
  bool append(const std::vector<journal_record>& records);
  /// The number of the last record that was appended; 0: none yet.
  std::uint64_t last() const noexcept { return last_; }
  /// Everything was taken: the next append begins at the file's start.
  void rewind() noexcept;
  /// Leaves the file where it is, for somebody else to take.
  void abandon() noexcept;

 private:
  spool(std::string path, int fd, char* memory);

  std::string path_;
  long process_;  ///< a forked child has a copy of this object, and the file is not its own
  int fd_;
  char* memory_;
  std::uint64_t last_ = 0;
  std::size_t end_;
  std::string buffer_;
};

struct spooled_record {
  std::uint64_t number = 0;
  journal_record record;
};

/// What a spool's bytes hold, in order, numbers growing by one; ends at the first frame that is not
/// whole, which is what a killed or a busy writer leaves. An error if a whole frame cannot be read.
result<std::vector<spooled_record>> read_spool(std::string_view bytes);

/// The spools beside a ledger.
struct found_spool {
  std::string path;
  std::int64_t session = 0;
};
std::vector<found_spool> find_spools(const std::string& ledger_path);

}  // namespace ark::detail
