#pragma once

/// Marks what libark.so exports; everything else is hidden.
#if defined(__GNUC__)
#define ARK_API __attribute__((visibility("default")))
#else
#define ARK_API
#endif
