#include "model/load_network.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "io/zip/zip_directory.hpp"
#include "model/graph/architecture.hpp"
#include "model/read/checkpoint.hpp"
#include "model/read/legacy_file.hpp"
#include "model/read/onnx_opset.hpp"
#include "model/read/quantized_file.hpp"
#include "model/run/engines.hpp"
#if ONEPASS_WITH_OPENVINO
#include "model/run/openvino/openvino_file.hpp"
#endif
#include "model/run/torch_library.hpp"

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

/// Name of the first element of a text in XML or HTML.
std::string_view first_element(std::string_view text) {
  while (text.starts_with("<?") || text.starts_with("<!")) {
    const auto end = text.find(text.starts_with("<!--") ? "-->" : ">");
    const auto next = end == text.npos ? end : text.find('<', end);
    if (next == text.npos) return text.substr(2, text.find_first_of(" >", 2) - 2);
    text.remove_prefix(next);
  }
  text.remove_prefix(1);
  return text.substr(0, text.find_first_of(" \t\r\n/>"));
}

[[noreturn]] void refuse_markup(std::string_view text) {
  const auto element = first_element(text);
  const bool xml = text.starts_with("<?xml") && element != "html";
  if (!xml) throw std::runtime_error("is a web page, not a model; download the model file itself");
  throw std::runtime_error(
      fmt::format("is an XML file, but not a model of OpenVINO: its first element is '{}', not 'net'", element));
}

/// OpenVINO's description of a network in XML.
bool is_openvino_file(std::string_view bytes) {
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), bytes.size()));
  return (bytes.starts_with("<?xml") || bytes.starts_with("<net")) && first_element(bytes) == "net";
}

/// ONNX files are protocol buffers that start with the field ir_version, a small number, and continue with another
/// field of a model: producer, domain, model version, description, graph, operator set, metadata.
bool is_onnx_file(std::string_view bytes) {
  return bytes.size() > 4 && bytes[0] == '\x08' && bytes[1] > 0 && bytes[1] < 100 &&
         std::string_view("\x12\x1a\x22\x28\x32\x3a\x42\x72").find(bytes[2]) != std::string_view::npos;
}

/// Throws an error that names the type of an unsupported file.
[[noreturn]] void refuse(std::string_view bytes) {
  const auto text = bytes.substr(std::min(bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), bytes.size()));
  if (bytes.empty()) throw std::runtime_error("is empty; fetch the file again");
  if (text.starts_with("<")) refuse_markup(text);
  if (bytes.starts_with("version https://git-lfs"))
    throw std::runtime_error("is a Git LFS pointer, not the model itself; run 'git lfs pull'");
  if (bytes.substr(0, 64).find("ftrt") != std::string_view::npos)
    throw std::runtime_error("is a TensorRT engine; use the .pt or .onnx file of the same model");
  throw std::runtime_error("is neither a checkpoint (.pt) nor an export (.torchscript, .onnx, or .xml of OpenVINO)");
}

/// The first line of a text: messages of libraries can have many lines, ours have one.
std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

ModelFile read_checkpoint(const std::filesystem::path& path) {
  auto [graph, info] = read_architecture(Checkpoint(path));
  return {std::move(info), std::move(graph), {}};
}

ModelFile read_export(const std::filesystem::path& path) {
  auto [info, script] = torch_library().read_script(path);
  return {std::move(info), std::move(script), {}};
}

ModelFile read_quantized(const std::filesystem::path& path) {
  auto quantized = read_quantized_file(path);
  if (is_quantized_file(first_bytes(quantized.model)))
    throw std::runtime_error("its model is a quantized model itself");
  auto file = read_model(quantized.model);
  if (!std::holds_alternative<Graph>(file.program)) throw std::runtime_error("its model is not a checkpoint (.pt)");
  file.ranges = std::move(quantized.ranges);
  return file;
}

ModelFile read_with_openvino([[maybe_unused]] const std::filesystem::path& path) {
#if ONEPASS_WITH_OPENVINO
  auto [info, file] = read_openvino(path);
  return {std::move(info), std::move(file), {}};
#else
  throw std::runtime_error(
      "is an ONNX or OpenVINO model, which this build cannot read, because it has no OpenVINO; use the .pt file of the "
      "same model, or build onepass with OpenVINO");
#endif
}

/// The only .xml file in the folder: exporters write OpenVINO models as folders.
std::filesystem::path only_model_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".xml") found.push_back(entry.path());
  if (found.size() == 1) return found.front();
  if (found.empty()) throw std::runtime_error("is not a file, and not a folder with a model of OpenVINO (.xml)");
  throw std::runtime_error(fmt::format("is a folder with {} .xml files; give the model file", found.size()));
}

ModelFile read_by_content(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw std::runtime_error("no such file");
  if (std::filesystem::is_directory(path)) return read_by_content(only_model_in(path));
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error("is not a file");
  const auto bytes = first_bytes(path);
  if (is_quantized_file(bytes)) return read_quantized(path);
  if (is_onnx_file(bytes)) require_known_opset(path);
  if (is_onnx_file(bytes) || is_openvino_file(bytes)) return read_with_openvino(path);
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
    if (layer < 0 || layer >= static_cast<int>(info.layers.size() + info.operators.size()))
      throw std::runtime_error(fmt::format("{}: there is no layer {} to take features from; it has layers 0 to {}",
                                           info.path, layer, info.layers.size() - 1));
}

void require_image(const NetworkInfo& info, const Tensor& image) {
  const auto fits_stride = [&](std::size_t axis) { return info.only_size || image.size(axis) % info.stride == 0; };
  const bool fits = image.dim() == 4 && image.size(0) == 1 && image.size(3) == 3 && image.size(1) > 0 &&
                    image.size(2) > 0 && fits_stride(1) && fits_stride(2);
  if (!fits)
    throw std::runtime_error(fmt::format("{}: expects an image of 1×H×W×3 with H and W multiples of {}; got {}",
                                         info.path, info.stride,
                                         image.defined() ? fmt::format("{}", fmt::join(image.sizes(), "×")) : "none"));
  if (info.only_size && (image.size(1) != info.only_size->height || image.size(2) != info.only_size->width))
    throw std::runtime_error(fmt::format("{}: this export only runs on images of {}×{}; use the model's .pt file",
                                         info.path, info.only_size->width, info.only_size->height));
}

}  // namespace

ModelFile read_model(const std::filesystem::path& path) {
  try {
    auto file = read_by_content(path);
    file.info.path = path.string();
    return file;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), first_line(error.what())));
  }
}

NetworkOutput Network::run(const Tensor& image, PassMode mode) const {
  require_image(info, image);
  const auto cannot_run = [&](std::string_view why) {
    return std::runtime_error(
        fmt::format("{}: cannot run on {}×{} pixels ({})", info.path, image.size(2), image.size(1), first_line(why)));
  };
  try {
    return executor->run(image, mode);
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
