// Fuzzes the readers of everything but models: they must return a value or throw a one-line error, in a short time.
//
// The first byte selects the reader; see file_readers.cpp and service_readers.cpp.
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "input_readers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto readers = [] {
    auto all = onepass::test::file_readers();
    all.merge(onepass::test::service_readers());
    return all;
  }();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto reader = size > 0 ? readers.find(bytes.front()) : readers.end();
  if (reader == readers.end()) return -1;
  try {
    reader->second(bytes.substr(1));
  } catch (const std::runtime_error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
