#pragma once
#include "machine.hpp"
#include "taker.hpp"

/// Jinja2's filters, in groups; `filters.cpp` has the table.
namespace jinja::filters {

/// What `attribute="a.b.0"` means: the value of that path in `v`.
value path_of(machine& m, const value& v, const value& path, const value& otherwise = {});
/// What `sort`, `min`, `unique` compare: text in small letters unless case matters.
value folded(machine& m, const value& v, bool case_sensitive);

#define JINJA_FILTER(name) value name(machine& m, const call_of& c)
// of text
JINJA_FILTER(capitalize);
JINJA_FILTER(center);
JINJA_FILTER(escape);
JINJA_FILTER(force_escape);
JINJA_FILTER(format);
JINJA_FILTER(indent);
JINJA_FILTER(lower);
JINJA_FILTER(replace);
JINJA_FILTER(safe);
JINJA_FILTER(string);
JINJA_FILTER(strip_tags);
JINJA_FILTER(title);
JINJA_FILTER(trim);
JINJA_FILTER(truncate);
JINJA_FILTER(upper);
JINJA_FILTER(urlencode);
JINJA_FILTER(urlize);
JINJA_FILTER(wordcount);
JINJA_FILTER(wordwrap);
JINJA_FILTER(xmlattr);
// of sequences
JINJA_FILTER(batch);
JINJA_FILTER(dictsort);
JINJA_FILTER(first);
JINJA_FILTER(groupby);
JINJA_FILTER(items);
JINJA_FILTER(join);
JINJA_FILTER(last);
JINJA_FILTER(length);
JINJA_FILTER(to_list);
JINJA_FILTER(map);
JINJA_FILTER(max);
JINJA_FILTER(min);
JINJA_FILTER(random);
JINJA_FILTER(reject);
JINJA_FILTER(rejectattr);
JINJA_FILTER(reverse);
JINJA_FILTER(select);
JINJA_FILTER(selectattr);
JINJA_FILTER(slice);
JINJA_FILTER(sort);
JINJA_FILTER(sum);
JINJA_FILTER(unique);
// of numbers and anything
JINJA_FILTER(absolute);
JINJA_FILTER(attr);
JINJA_FILTER(or_default);
JINJA_FILTER(filesizeformat);
JINJA_FILTER(to_float);
JINJA_FILTER(to_int);
JINJA_FILTER(pprint);
JINJA_FILTER(round);
JINJA_FILTER(tojson);
#undef JINJA_FILTER

}  // namespace jinja::filters
