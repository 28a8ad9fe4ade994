#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "embed/calibration.hpp"
#include "io/checksum.hpp"
#include "io/npy.hpp"
#include "io/yaml_file.hpp"

namespace onepass::embed {
namespace {

namespace fs = std::filesystem;

constexpr int version = 2;
constexpr Eigen::Index variance_row = 3;  // the products of the statistics are rows 0 to 2
constexpr Eigen::Index center_row = 4;
constexpr std::int64_t rows_before_projection = 5;

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

/// Rows: products (3) and variance, each with the layers side by side; the center; the projection.
RowMajor to_matrix(const Calibration& calibration) {
  RowMajor matrix(rows_before_projection + calibration.projection.rows(), calibration.projection.cols());
  matrix.topRows(rows_before_projection).setZero();
  Eigen::Index start = 0;
  for (const auto& layer : calibration.statistics) {
    const auto length = layer.variance.size();
    matrix.block(0, start, 3, length) = layer.products.cast<float>();
    matrix.row(variance_row).segment(start, length) = layer.variance;
    start += length;
  }
  matrix.row(center_row) = calibration.center;
  matrix.bottomRows(calibration.projection.rows()) = calibration.projection;
  return matrix;
}

template <typename Value>
Value value_of(const fs::path& path, const YAML::Node& root, const char* key) {
  Value value{};
  const auto node = root[key];
  if (!node || !YAML::convert<Value>::decode(node, value)) fail(path, fmt::format("'{}' is missing or damaged", key));
  return value;
}

/// Returns the file's text up to the line of its own checksum.
std::string text_before_checksum(const std::string& text) { return text.substr(0, text.rfind("\nchecksum:") + 1); }

/// All values that are written as a key with one floating-point number.
template <typename SomeCalibration>
auto numbers_of(SomeCalibration& calibration) {
  auto& distances = calibration.distances;
  auto& tracked = calibration.tracked;
  return std::array{std::pair("match_mean", &distances.match_mean),
                    std::pair("match_deviation", &distances.match_deviation),
                    std::pair("rival_mean", &distances.rival_mean),
                    std::pair("rival_deviation", &distances.rival_deviation),
                    std::pair("threshold", &distances.threshold),
                    std::pair("error_rate", &distances.error_rate),
                    std::pair("reliability", &distances.reliability),
                    std::pair("tracked_match_mean", &tracked.match_mean),
                    std::pair("tracked_match_variance", &tracked.match_variance),
                    std::pair("tracked_rival_mean", &tracked.rival_mean),
                    std::pair("tracked_rival_variance", &tracked.rival_variance)};
}

}  // namespace

std::string plain_space(const EmbedPlan& plan, const fs::path& model, int imgsz) {
  const auto words = to_string(plan);
  if (words.empty()) return "";
  return fmt::format("{}, of a model with CRC-32 {:08x} at {} pixels", words, io::checksum_of_file(model), imgsz);
}

std::optional<Calibration> open_calibration(const EmbedConfig& config, const EmbedPlan& plan, const fs::path& model,
                                            int imgsz) {
  if (config.calibration.empty()) return std::nullopt;
  return read_calibration(config.calibration, plain_space(plan, model, imgsz));
}

fs::path matrix_path(fs::path path) { return path.replace_extension(".npy"); }

void write_calibration(const fs::path& path, const Calibration& calibration) {
  const auto matrix = to_matrix(calibration);
  const std::vector<std::int64_t> shape = {matrix.rows(), matrix.cols()};
  const std::span<const float> values(matrix.data(), static_cast<std::size_t>(matrix.size()));
  YAML::Emitter yaml;
  yaml << YAML::Comment(
      "onepass calibrate: what was learned about the embeddings of one camera; see --embed.calibration");
  yaml << YAML::BeginMap << YAML::Key << "version" << YAML::Value << version;
  yaml << YAML::Key << "embeddings" << YAML::Value << calibration.space;
  yaml << YAML::Key << "length" << YAML::Value << matrix.cols();
  yaml << YAML::Key << "dimensions" << YAML::Value << calibration.projection.rows();
  std::vector<std::int64_t> counts, lengths;
  std::vector<std::vector<double>> sizes;
  for (const auto& layer : calibration.statistics) {
    counts.push_back(layer.count);
    lengths.push_back(layer.variance.size());
    sizes.emplace_back(layer.size_powers.begin(), layer.size_powers.end());
  }
  yaml << YAML::Key << "layer_samples" << YAML::Value << YAML::Flow << counts;
  yaml << YAML::Key << "layer_lengths" << YAML::Value << YAML::Flow << lengths;
  yaml << YAML::Key << "layer_sizes" << YAML::Value << YAML::Flow << sizes;
  yaml << YAML::Key << "part_weights" << YAML::Value << YAML::Flow << calibration.weights;
  for (const auto& [key, value] : numbers_of(calibration)) yaml << YAML::Key << key << YAML::Value << *value;
  yaml << YAML::Key << "tracked_samples" << YAML::Value << calibration.tracked.samples;
  yaml << YAML::Key << "matrix_checksum" << YAML::Value << io::checksum_of(values) << YAML::EndMap;
  std::string text = yaml.c_str();
  text += "\n";
  text += fmt::format("checksum: {}\n", io::checksum_of(text));
  io::write_npy(matrix_path(path), shape, values);
  auto part = path;
  part += ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  if (!file || error) fail(path, "the calibration cannot be written" + (error ? ": " + error.message() : ""));
}

Calibration read_calibration(const fs::path& path, const std::string& space) {
  const auto root = io::read_yaml(path, "calibration");
  if (!root.IsMap() || !root["version"] || !root["embeddings"]) fail(path, "is not a calibration of onepass");
  if (const auto its = value_of<int>(path, root, "version"); its != version)
    fail(path,
         fmt::format("is a calibration of version {}; this program reads version {}; calibrate again", its, version));
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Calibration calibration;
  calibration.checksum = value_of<std::uint32_t>(path, root, "checksum");
  if (io::checksum_of(text_before_checksum(text)) != calibration.checksum)
    fail(path, "is damaged or was edited: its checksum does not match its content");
  calibration.space = value_of<std::string>(path, root, "embeddings");
  if (space.empty()) fail(path, "calibrates embeddings, but this run has none (embed.method is none)");
  if (calibration.space != space)
    fail(path,
         fmt::format("calibrates embeddings of another kind: {}; those of this run are {}", calibration.space, space));
  const auto length = value_of<std::int64_t>(path, root, "length");
  const auto dimensions = value_of<std::int64_t>(path, root, "dimensions");
  const auto counts = value_of<std::vector<std::int64_t>>(path, root, "layer_samples");
  const auto lengths = value_of<std::vector<std::int64_t>>(path, root, "layer_lengths");
  const auto sizes = value_of<std::vector<std::vector<double>>>(path, root, "layer_sizes");
  calibration.weights = value_of<std::vector<double>>(path, root, "part_weights");
  for (const auto& [key, value] : numbers_of(calibration)) *value = value_of<double>(path, root, key);
  auto& tracked = calibration.tracked;
  tracked.samples = value_of<std::int64_t>(path, root, "tracked_samples");
  for (const double value : {tracked.match_mean, tracked.match_variance, tracked.rival_mean, tracked.rival_variance})
    if (!(value >= 0 && value <= 1)) fail(path, "contains impossible values");
  const auto array = io::read_npy(matrix_path(path));
  if (dimensions < 1 || array.shape.size() != 2 || array.shape[0] - rows_before_projection != dimensions ||
      array.shape[1] != length)
    fail(matrix_path(path), fmt::format("does not have the shape that {} states", path.string()));
  if (io::checksum_of(array.values) != value_of<std::uint32_t>(path, root, "matrix_checksum"))
    fail(matrix_path(path), fmt::format("is damaged, or belongs to another calibration than {}", path.string()));
  const Eigen::Map<const RowMajor> matrix(array.values.data(), rows_before_projection + dimensions, length);
  if (!matrix.allFinite() || (matrix.row(variance_row).array() < 0).any())
    fail(matrix_path(path), "contains impossible values");
  std::int64_t start = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    LayerStatistics layer;
    const bool possible = counts.size() == lengths.size() && sizes.size() == lengths.size() && counts[i] >= 2 &&
                          lengths[i] >= 1 && lengths[i] <= length - start &&
                          sizes[i].size() == layer.size_powers.size();
    if (!possible) fail(path, "contains impossible values");
    layer.count = counts[i];
    std::ranges::copy(sizes[i], layer.size_powers.begin());
    layer.products = matrix.block(0, start, 3, lengths[i]).cast<double>();
    layer.variance = matrix.row(variance_row).segment(start, lengths[i]);
    calibration.statistics.push_back(std::move(layer));
    start += lengths[i];
  }
  calibration.center = matrix.row(center_row);
  calibration.projection = matrix.bottomRows(dimensions);
  return calibration;
}

}  // namespace onepass::embed
