// The readers that inputs_fuzz tries. They return, or throw std::runtime_error or std::invalid_argument.
#pragma once

#include <map>
#include <string_view>

namespace onepass::test {

/// By the letter that selects the reader: the first byte of an input.
using InputReaders = std::map<char, void (*)(std::string_view)>;

/// Of files.
InputReaders file_readers();

/// Of requests, addresses, and what servers answer.
InputReaders service_readers();

}  // namespace onepass::test
