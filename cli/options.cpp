#include "cli/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

namespace ark::cli {
namespace {

/// The parser's own checks of numbers tell the largest double, in 309 digits. `name` is not shown.
CLI::Validator number_check(bool (*fits)(double), const char* refusal, const char* name) {
  const auto check = [fits, refusal](const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool number = end != text.c_str() && *end == '\0' && std::isfinite(value);
    return number && fits(value) ? std::string{} : std::string{refusal} + ", not '" + text + "'";
  };
  return {check, name};
}

}  // namespace

option option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

option option::required() const {
  option_->required();
  return *this;
}

option option::delimiter(char between) const {
  option_->delimiter(between);
  return *this;
}

option option::one_value_each() const {
  option_->allow_extra_args(false);
  return *this;
}

option option::positive() const {
  option_->check(number_check([](double x) { return x > 0; }, "must be more than 0", "POSITIVE"));
  return *this;
}

option option::not_negative() const {
  option_->check(number_check([](double x) { return x >= 0; }, "must be 0 or more", "NONNEGATIVE"));
  return *this;
}

option option::between(int least, int most) const {
  option_->check(CLI::Range(least, most));
  return *this;
}

option option::one_of(std::initializer_list<const char*> words) const {
  option_->check(CLI::IsMember(words));
  return *this;
}

template <class T>
option option_set::add_option(const std::string& names, T& into, const std::string& help) const {
  return option{*app_->add_option(names, into, help)};
}

void option_set::add_flag(const std::string& names, bool& into, const std::string& help) const {
  app_->add_flag(names, into, help);
}

template option option_set::add_option(const std::string&, std::string&, const std::string&) const;
template option option_set::add_option(const std::string&, std::vector<std::string>&,
                                       const std::string&) const;
template option option_set::add_option(const std::string&, int&, const std::string&) const;
template option option_set::add_option(const std::string&, std::int64_t&, const std::string&) const;
template option option_set::add_option(const std::string&, std::uint64_t&,
                                       const std::string&) const;
template option option_set::add_option(const std::string&, double&, const std::string&) const;
template option option_set::add_option(const std::string&, std::optional<std::int64_t>&,
                                       const std::string&) const;
template option option_set::add_option(const std::string&, std::optional<double>&,
                                       const std::string&) const;

}  // namespace ark::cli
