#pragma once

#include <string>
#include <utility>
#include <variant>

namespace bpe {

/// What went wrong, coarsely; `error::message` says it in a sentence.
enum class errc {
  malformed,      ///< A rank file, a tokenizer.json or a compiled vocabulary is cut, corrupt or not
                  ///< one.
  unsupported,    ///< A well-formed file asks for something this library does not do.
  too_large,      ///< A limit of the library is exceeded (ids, ranks, token lengths, file size).
  special_token,  ///< The text holds a special token and the call refuses them.
  unknown_id,     ///< `decode` met an id that the vocabulary does not have.
  invalid_utf8,   ///< The strict decoder met bytes that are not UTF-8.
  io,             ///< A file cannot be read or written.
};

/// A failure as a value. Nothing in this library throws to its caller for bad input.
struct error {
  errc code = errc::malformed;
  std::string message;
};

/// Either a value or an error. `value()` may be called only when `ok()`.
template <class T>
class [[nodiscard]] result {
 public:
  result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  result(bpe::error failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  /// The failure; may be called only when not `ok()`.
  const bpe::error& failure() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, bpe::error> state_;
};

}  // namespace bpe
