#pragma once
#include <initializer_list>
#include <string>

// The parser's headers cost seconds in each source that includes them: named here, not included.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ark::cli {

/// An option or an argument that was just added, to say more of it. A handle: cheap to copy. Values
/// that a check refuses are wrong usage, and help tells the choices.
class option {
 public:
  explicit option(CLI::Option& o) : option_(&o) {}

  /// What stands for the value in help: "MODEL"; "" for none.
  option type_name(const std::string& name) const;
  /// The command is wrong without it.
  option required() const;
  /// "a,b" are two values. Of a list only.
  option delimiter(char between) const;
  /// "--tag a b" gives "a" to the tag; without this, a list takes "b" too.
  option one_value_each() const;
  /// Numbers over 0.
  option positive() const;
  /// Numbers from 0 on.
  option not_negative() const;
  /// Numbers from `least` to `most`, both included.
  option between(int least, int most) const;
  /// These words only; upper and lower case differ.
  option one_of(std::initializer_list<const char*> words) const;

 private:
  CLI::Option* option_;
};

/// The options, flags and arguments of one command. A handle: cheap to copy.
class option_set {
 public:
  explicit option_set(CLI::App& app) : app_(&app) {}

  /// "-m,--model" is an option, "TEXT" an argument. `into` lives as long as the parser and keeps
  /// its value where the option is not given. For the types at the end of options.cpp.
  template <class T>
  option add_option(const std::string& names, T& into, const std::string& help) const;
  void add_flag(const std::string& names, bool& into, const std::string& help) const;

 private:
  CLI::App* app_;
};

}  // namespace ark::cli
