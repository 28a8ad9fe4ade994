// Fuzzes the readers of untrusted files: they must return a model or throw std::runtime_error, in a short time.
//
// The first byte selects the reader: 'f' a checkpoint file (zip or older), 'p' a pickle, 's' an export's settings.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <c10/util/Exception.h>

#include "io/zip_directory.hpp"
#include "model/graph/architecture.hpp"
#include "model/read/export_settings.hpp"
#include "model/read/pickle_parser.hpp"

namespace {

/// A file in memory, because the readers need a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", 0)) {
    if (descriptor_ < 0 || write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("no memory for a file");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void read_file(std::string_view bytes) {
  const MemoryFile file(bytes);
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
