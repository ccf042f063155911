#pragma once
#include <ark/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/suite.hpp"

namespace google::protobuf {
class Value;
}
namespace ark::schema {
class EvalCase;
}

namespace ark::eval {

/// The cases of a file. `*.csv`: the first line names the variables; a column "id" is the case's
/// id, a column "expect" an assertion, "icontains: Paris". `*.jsonl`: an EvalCase on each line.
/// errc::config with file and line.
result<std::vector<eval_case>> read_cases(std::string_view text, const std::string& path);

/// A case as the schema has it; `place("expect[0]")` tells where a part of it stands.
eval_case case_of(const schema::EvalCase& from,
                  const std::function<std::string(const std::string&)>& place);
/// A variable's value as text: strings as they are, everything else as JSON.
std::string text_of(const google::protobuf::Value& value);

}  // namespace ark::eval
