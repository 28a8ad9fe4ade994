// Fuzzes the readers of untrusted files: they must return a model or throw std::runtime_error, in a short time.
//
// The first byte selects the reader: 'f' a checkpoint file (zip or older), 'p' a pickle, 's' an export's settings.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <c10/util/Exception.h>

#include "io/zip_directory.hpp"
#include "memory_file.hpp"
#include "model/graph/architecture.hpp"
#include "model/read/export_settings.hpp"
#include "model/read/pickle_parser.hpp"

namespace {

void read_file(std::string_view bytes) {
  const onepass::test::MemoryFile file(bytes);
  if (bytes.starts_with("PK")) onepass::io::read_zip_directory(file.path());
  const onepass::model::Checkpoint checkpoint(file.path());
  onepass::model::read_architecture(checkpoint);
}

void read(char reader, std::string_view bytes) {
  if (reader == 'f') read_file(bytes);
  if (reader == 'p') onepass::model::pickle::parse(bytes);
  if (reader == 's') onepass::model::parse_export_settings(std::string(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return -1;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    read(bytes.front(), bytes.substr(1));
  } catch (const std::runtime_error&) {
  } catch (const c10::Error&) {  // load_network shortens these messages to one line
  }
  return 0;
}
