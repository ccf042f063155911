#pragma once
#include <jinja/environment.hpp>

#include "prompt/piece.hpp"

namespace ark::prompt {

/// Teaches an environment the tags of prompts, whose functions give marks:
///     {% system %} {% user %} {% assistant %} {% developer %} {% tool %}: a message; name=, cache=
///     {% message role="user" %}: the same with a role from anywhere: what an input says may be
///         "user" or "assistant" only
///     {% image URL %} {% audio URL %} {% document URL %} {% video URL %}: a part; media_type=, ...
///     {% history LIST %}: messages of an input, or those that the caller gives
///     {% section "name" %}: what may be cut; priority=, max_tokens=, cut="end"|"start"|"middle"
/// and the filter `untrusted`, which fences a value.
void add_tags(jinja::environment& to);
/// The names of the tags, for `options::tags`.
std::vector<jinja::tag> tag_names();

/// What a mark among a template's segments says.
mark mark_of(const jinja::object& told);

}  // namespace ark::prompt
