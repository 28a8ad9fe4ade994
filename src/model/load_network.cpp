#include "model/load_network.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "io/zip_directory.hpp"
#include "model/graph/architecture.hpp"
#include "model/read/checkpoint.hpp"
#include "model/read/legacy_file.hpp"
#include "model/read/quantized_file.hpp"
#include "model/run/engines.hpp"
#include "model/run/torchscript/script_file.hpp"

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

/// The first line of a text: messages of libraries can have many lines, ours have one.
std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

ModelFile read_checkpoint(const std::filesystem::path& path) {
  auto [graph, info] = read_architecture(Checkpoint(path));
  return {std::move(info), std::move(graph), {}};
}

ModelFile read_export(const std::filesystem::path& path) {
  auto [info, script] = read_script(path);
  return {std::move(info), std::move(script), {}};
}

ModelFile read_quantized(const std::filesystem::path& path) {
  auto quantized = read_quantized_file(path);
  auto file = read_model(quantized.model);
  if (!file.ranges.empty()) throw std::runtime_error("its model is a quantized model itself");
  file.ranges = std::move(quantized.ranges);
  return file;
}

ModelFile read_by_content(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw std::runtime_error("no such file");
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error("is not a file");
  const auto bytes = first_bytes(path);
  if (is_quantized_file(bytes)) return read_quantized(path);
  if (is_legacy_file(bytes)) return read_checkpoint(path);
  if (!bytes.starts_with("PK")) refuse(bytes);
  const auto entries = io::read_zip_directory(path);
  // Exports contain a data.pkl too, but only exports contain constants.pkl.
  if (io::find_record(entries, "constants.pkl")) return read_export(path);
  if (io::find_record(entries, "data.pkl")) return read_checkpoint(path);
  throw std::runtime_error("is a zip file, but neither a checkpoint (.pt) nor a TorchScript export (.torchscript)");
}

void require_layers(const NetworkInfo& info, const std::vector<int>& layers) {
  for (const int layer : layers)
    if (layer < 0 || layer >= static_cast<int>(info.layers.size()))
      throw std::runtime_error(fmt::format("{}: there is no layer {} to take features from; it has layers 0 to {}",
                                           info.path, layer, info.layers.size() - 1));
}

void require_image(const NetworkInfo& info, const at::Tensor& image) {
  const bool fits = image.defined() && image.dim() == 4 && image.size(0) == 1 && image.size(1) == 3 &&
                    image.size(2) > 0 && image.size(3) > 0 && image.size(2) % info.stride == 0 &&
                    image.size(3) % info.stride == 0 && image.scalar_type() == at::kFloat;
  if (!fits) {
    std::ostringstream shape;
    if (image.defined()) shape << image.sizes() << " of type " << image.scalar_type();
    throw std::runtime_error(fmt::format("{}: expects a float image of 1×3×H×W with H and W multiples of {}; got {}",
                                         info.path, info.stride, image.defined() ? shape.str() : "none"));
  }
  if (info.only_size && (image.size(2) != info.only_size->height || image.size(3) != info.only_size->width))
    throw std::runtime_error(fmt::format("{}: this export only runs on images of {}×{}; use the model's .pt file",
                                         info.path, info.only_size->width, info.only_size->height));
}

}  // namespace

ModelFile read_model(const std::filesystem::path& path) {
  try {
    auto file = read_by_content(path);
    file.info.path = path.string();
    return file;
  } catch (const c10::Error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), first_line(error.what_without_backtrace())));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), first_line(error.what())));
  }
}

NetworkOutput Network::run(const at::Tensor& image) const {
  require_image(info, image);
  const auto cannot_run = [&](std::string_view why) {
    return std::runtime_error(
        fmt::format("{}: cannot run on {}×{} pixels ({})", info.path, image.size(3), image.size(2), first_line(why)));
  };
  try {
    return executor->run(image);
  } catch (const c10::Error& error) {  // mismatched maps, in a manipulated file
    throw cannot_run(error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw cannot_run(error.what());
  }
}

Network load_network(const std::filesystem::path& path, const ChooseTaps& taps, const ComputeOptions& options) {
  auto [info, program, ranges] = read_model(path);
  const auto layers = taps(info);
  require_layers(info, layers);
  auto executor = make_executor(std::move(program), layers, options, std::move(ranges));
  return {std::move(info), std::move(executor)};
}

}  // namespace onepass::model
