#pragma once
#include "machine.hpp"
#include "taker.hpp"

/// Methods of Python's types. `methods.cpp` has the table.
namespace jinja::methods {

#define JINJA_METHOD(name) value name(machine& m, const value& self, const arguments& given)
JINJA_METHOD(capitalize);
JINJA_METHOD(casefold);
JINJA_METHOD(center);
JINJA_METHOD(count_text);
JINJA_METHOD(encode);
JINJA_METHOD(endswith);
JINJA_METHOD(expandtabs);
JINJA_METHOD(find);
JINJA_METHOD(format);
JINJA_METHOD(format_map);
JINJA_METHOD(index_text);
JINJA_METHOD(isalnum);
JINJA_METHOD(isalpha);
JINJA_METHOD(isascii);
JINJA_METHOD(isdecimal);
JINJA_METHOD(isdigit);
JINJA_METHOD(isidentifier);
JINJA_METHOD(islower);
JINJA_METHOD(isnumeric);
JINJA_METHOD(isprintable);
JINJA_METHOD(isspace);
JINJA_METHOD(istitle);
JINJA_METHOD(isupper);
JINJA_METHOD(join);
JINJA_METHOD(ljust);
JINJA_METHOD(lower);
JINJA_METHOD(lstrip);
JINJA_METHOD(partition);
JINJA_METHOD(removeprefix);
JINJA_METHOD(removesuffix);
JINJA_METHOD(replace);
JINJA_METHOD(rfind);
JINJA_METHOD(rindex);
JINJA_METHOD(rjust);
JINJA_METHOD(rpartition);
JINJA_METHOD(rsplit);
JINJA_METHOD(rstrip);
JINJA_METHOD(split);
JINJA_METHOD(splitlines);
JINJA_METHOD(startswith);
JINJA_METHOD(strip);
JINJA_METHOD(swapcase);
JINJA_METHOD(title);
JINJA_METHOD(upper);
JINJA_METHOD(zfill);
// of lists and tuples
JINJA_METHOD(append);
JINJA_METHOD(clear_list);
JINJA_METHOD(copy_list);
JINJA_METHOD(count_list);
JINJA_METHOD(extend);
JINJA_METHOD(index_list);
JINJA_METHOD(insert);
JINJA_METHOD(pop_list);
JINJA_METHOD(remove);
JINJA_METHOD(reverse);
JINJA_METHOD(sort);
// of dicts
JINJA_METHOD(clear_dict);
JINJA_METHOD(copy_dict);
JINJA_METHOD(get);
JINJA_METHOD(items);
JINJA_METHOD(keys);
JINJA_METHOD(pop_dict);
JINJA_METHOD(popitem);
JINJA_METHOD(setdefault);
JINJA_METHOD(update);
JINJA_METHOD(values);
// of numbers
JINJA_METHOD(bit_length);
JINJA_METHOD(is_integer);
JINJA_METHOD(conjugate);
#undef JINJA_METHOD

}  // namespace jinja::methods
