#pragma once
#include <ark/error.hpp>

#include <boost/system/result.hpp>
#include <stdexcept>

namespace ark {

/// What `result<T>::value()` throws when there is no value. Nothing else throws across the API.
class ARK_API exception : public std::runtime_error {
 public:
  explicit exception(ark::error value);
  ~exception() override;
  const ark::error& error() const noexcept { return error_; }  ///< what was wrong

 private:
  ark::error error_;
};

/// Found by boost::system::result through argument-dependent lookup.
[[noreturn]] inline void throw_exception_from_error(const error& value,
                                                    const boost::source_location&) {
  throw_error(value);
}

/// A value or an `ark::error`.
template <class T>
using result = boost::system::result<T, error>;

}  // namespace ark
