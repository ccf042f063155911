#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/row.hpp"

/// Values on their way to the server, in its binary form: nothing is quoted, nothing is parsed.
namespace ark::pg {

/// Object ids of the types that are sent (pg_type.dat; they never change).
enum class type : std::uint32_t { bytea = 17, int8 = 20, text = 25, int8s = 1016, texts = 1009 };

/// One column of many rows: a one-dimensional array.
class column {
 public:
  explicit column(type element) : element_(element) {}
  void add(const detail::cell& value);
  void add(std::int64_t value);
  void add(std::string_view value);
  void add_null();
  int rows() const noexcept { return rows_; }
  void clear() noexcept;
  type array_type() const noexcept { return element_ == type::int8 ? type::int8s : type::texts; }
  /// The array as the server receives it. Valid until the next add().
  std::string_view bytes();

 private:
  type element_;
  int rows_ = 0;
  bool nulls_ = false;
  std::string bytes_ = std::string(head_bytes, '\0');
  static constexpr std::size_t head_bytes = 20;
};

/// The values for $1, $2, ... of one statement. What is given by view must live until it is sent.
class parameters {
 public:
  parameters& integer(std::int64_t value);
  parameters& text(std::string_view value);
  parameters& bytes(std::string_view value);
  parameters& null(type of);
  parameters& array(column& of);

  std::size_t size() const noexcept { return types_.size(); }
  std::span<const std::uint32_t> types() const noexcept { return types_; }
  std::vector<const char*> values() const;
  std::span<const int> lengths() const noexcept { return lengths_; }

 private:
  void add(type of, std::string_view bytes);
  std::vector<std::uint32_t> types_;
  std::vector<int> lengths_;
  /// Where the bytes are; null for NULL, `own` for an offset into numbers_.
  struct place {
    const char* at = nullptr;
    std::size_t offset = 0;
    bool own = false;
  };
  std::vector<place> places_;
  std::string numbers_;
};

}  // namespace ark::pg
