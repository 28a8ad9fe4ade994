#include "model/network.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "io/zip_directory.hpp"
#include "model/checkpoint_network.hpp"
#include "model/read/legacy_file.hpp"
#include "model/run/requests.hpp"
#include "model/run/torchscript/torchscript_network.hpp"

namespace onepass::model {
namespace {

std::string first_bytes(const std::filesystem::path& path) {
  constexpr std::streamsize enough = 512;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot be read; check its permissions");
  std::string bytes(enough, '\0');
  file.read(bytes.data(), enough);
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

/// Throws an error that names the type of an unsupported file.
[[noreturn]] void refuse(std::string_view bytes) {
  const auto text = bytes.substr(std::min(bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), bytes.size()));
  if (bytes.empty()) throw std::runtime_error("is empty; fetch the file again");
  if (text.starts_with("<")) throw std::runtime_error("is a web page, not a model; download the model file itself");
  if (bytes.starts_with("version https://git-lfs"))
    throw std::runtime_error("is a Git LFS pointer, not the model itself; run 'git lfs pull'");
  // ONNX files are protocol buffers that start with field 1 (ir_version) and field 2 (producer_name).
  if (bytes.size() > 4 && bytes[0] == '\x08' && bytes[2] == '\x12')
    throw std::runtime_error("is an ONNX model; use the .pt or .torchscript file of the same model");
  if (bytes.substr(0, 64).find("ftrt") != std::string_view::npos)
    throw std::runtime_error("is a TensorRT engine; use the .pt or .torchscript file of the same model");
  throw std::runtime_error("is neither a checkpoint (.pt) nor a TorchScript export (.torchscript)");
}

std::unique_ptr<Network> load(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw std::runtime_error("no such file");
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error("is not a file");
  const auto bytes = first_bytes(path);
  if (is_legacy_file(bytes)) return load_checkpoint_network(path);
  if (!bytes.starts_with("PK")) refuse(bytes);
  const auto entries = io::read_zip_directory(path);
  // Exports contain a data.pkl too, but only exports contain constants.pkl.
  if (io::find_record(entries, "constants.pkl")) return load_torchscript_network(path);
  if (io::find_record(entries, "data.pkl")) return load_checkpoint_network(path);
  throw std::runtime_error("is a zip file, but neither a checkpoint (.pt) nor a TorchScript export (.torchscript)");
}

}  // namespace

std::unique_ptr<Network> load_network(const std::filesystem::path& path) {
  try {
    return load(path);
  } catch (const c10::Error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), first_line(error.what_without_backtrace())));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), first_line(error.what())));
  }
}

}  // namespace onepass::model
