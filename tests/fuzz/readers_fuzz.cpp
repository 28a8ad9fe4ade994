// Fuzzes the readers of untrusted files: they must return a model or throw std::runtime_error, in a short time.
//
// The first byte selects the reader: 'f' a checkpoint file (zip or older) to a network that is ready to run, 'p' a
// pickle, 's' an export's settings, 'q' a quantized model, 'u' a user's notes about a model, 'm' those of an exporter
// in a file, 'r' those in the model (a key in the first line, then its value), 'o' shapes of a network's outputs, 'c' a
// calibration (its two files, separated by a zero byte), 'j' the journal of an embedding run, 'x' an ONNX file for the
// version of its operators, 'b' the file of a compiled network.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "embed/calibration.hpp"
#include "io/checksum.hpp"
#include "io/npy.hpp"
#include "io/zip/zip_directory.hpp"
#include "lab/embeddings/embed_journal.hpp"
#include "memory_file.hpp"
#include "model/graph/architecture.hpp"
#include "model/read/export_settings.hpp"
#include "model/read/model_notes.hpp"
#include "model/read/onnx_opset.hpp"
#include "model/read/pickle_parser.hpp"
#include "model/read/quantized_file.hpp"
#include "model/run/blob_cache.hpp"
#include "model/run/engines.hpp"
#if ONEPASS_TEST_OPENVINO
#include "model/run/openvino/openvino_outputs.hpp"
#endif
#include "support/temporary_folder.hpp"

namespace {

void read_file(std::string_view bytes) {
  const onepass::test::MemoryFile file(bytes);
  if (bytes.starts_with("PK")) onepass::io::read_zip_directory(file.path());
  const onepass::model::Checkpoint checkpoint(file.path());
  auto architecture = onepass::model::read_architecture(checkpoint);
  onepass::model::ComputeOptions options;
  options.executor = onepass::ExecutorChoice::aten;
  options.threads = 1;
  onepass::model::make_executor(std::move(architecture.graph), {}, options);
}

/// A calibration whose checksums are right: a fuzzer cannot guess them.
void read_calibration(std::string_view bytes) {
  const auto end = std::min(bytes.find('\0'), bytes.size());
  const onepass::test::TemporaryFolder folder;
  const auto matrix = folder.write("a.npy", std::string(bytes.substr(std::min(end + 1, bytes.size()))));
  auto text = std::string(bytes.substr(0, end)) +
              "\nmatrix_checksum: " + std::to_string(onepass::io::checksum_of(onepass::io::read_npy(matrix).values)) +
              "\n";
  text += "checksum: " + std::to_string(onepass::io::checksum_of(text)) + "\n";
  onepass::embed::read_calibration(folder.write("a.yaml", text), "space");
}

void read_notes(char reader, std::string_view bytes) {
  onepass::model::ModelNotes notes;
  if (reader == 'r') {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    onepass::model::add_recorded({{std::string(bytes.substr(0, end)), std::string(bytes.substr(end))}}, notes);
  } else {
    const onepass::test::MemoryFile file(bytes);
    (reader == 'u' ? onepass::model::add_user_file : onepass::model::add_recorded_file)(file.path(), notes);
  }
}

/// Whatever a file of the cache holds, it is missing, or its own end is the network.
void read_kept(std::string_view bytes) {
  static const onepass::test::TemporaryFolder folder;
  static const onepass::model::BlobCache cache(folder / "kept", 1 << 20);
  cache.store("key", "blob");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "kept"))
    std::ofstream(entry.path(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto kept = cache.load("key");
  if (kept && !bytes.ends_with(*kept)) std::abort();
}

#if ONEPASS_TEST_OPENVINO
/// The first byte is the size of the input in 32 pixels. Each output has six: the number of its dimensions, the high
/// byte of one of its sizes, and the low bytes of all of them.
void recognize_outputs(std::string_view bytes) {
  const auto number = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(bytes[i])); };
  if (bytes.empty()) return;
  onepass::model::NetworkResults results{.input = {32 * number(0), 32 * number(0)}};
  for (std::size_t i = 1; i + 6 <= bytes.size(); i += 6) {
    auto& result = results.all.emplace_back();
    result.name = bytes.substr(i, 1);
    for (int side = 0; side < number(i) % 5; ++side)
      result.shape.push_back(number(i + 2 + static_cast<std::size_t>(side)) - 1);
    if (result.shape.size() > 1) result.shape[result.shape.size() - 1 - number(i) / 5 % 2] += 256 * number(i + 1);
  }
  onepass::model::ModelNotes notes;
  notes.names.resize(static_cast<std::size_t>(number(0) % 7));
  onepass::model::recognize(results, notes);
}
#endif

void read(char reader, std::string_view bytes) {
#if ONEPASS_TEST_OPENVINO
  if (reader == 'o') recognize_outputs(bytes);
#endif
  if (reader == 'q') onepass::model::read_quantized_text(onepass::test::MemoryFile(bytes).path());
  if (reader == 'u' || reader == 'm' || reader == 'r') read_notes(reader, bytes);
  if (reader == 'c') read_calibration(bytes);
  if (reader == 'j') onepass::lab::read_journal(onepass::test::MemoryFile(bytes).path());
  if (reader == 'f') read_file(bytes);
  if (reader == 'x') onepass::model::require_known_opset(onepass::test::MemoryFile(bytes).path());
  if (reader == 'b') read_kept(bytes);
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
  }
  return 0;
}
