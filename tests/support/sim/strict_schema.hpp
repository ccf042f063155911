#pragma once
#include <boost/json.hpp>
#include <string>

namespace ark::testing {

/// What OpenAI's strict mode refuses in a schema, in its words ("In context=('properties', 'a'),
/// 'additionalProperties' is required to be supplied and to be false."); "" if nothing.
std::string openai_strict_problem(const boost::json::object& schema);
/// The same for Anthropic's structured outputs and strict tools: every object must be closed.
std::string anthropic_schema_problem(const boost::json::object& schema);

}  // namespace ark::testing
