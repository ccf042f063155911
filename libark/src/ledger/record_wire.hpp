#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "client/journal.hpp"

namespace ark::schema {
class JournalRecord;
}

namespace ark::detail {

/// Journal records to bytes and back (schema/ledger.proto); nothing of a record is lost. Keeps
/// its messages, so that encoding allocates nothing once they have grown. Not thread safe.
class record_wire {
 public:
  record_wire();
  record_wire(const record_wire&) = delete;
  record_wire& operator=(const record_wire&) = delete;
  ~record_wire();

  void append(std::string& out, const journal_record& record);
  /// errc::ledger if the bytes are no record of a kind that this library knows.
  result<journal_record> read(std::string_view bytes);

 private:
  std::unique_ptr<schema::JournalRecord> intent_, outcome_;
};

}  // namespace ark::detail
