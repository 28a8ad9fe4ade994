#include "lab/embeddings/embed_journal.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/output_file.hpp"

namespace onepass::lab {
namespace {

using Json = nlohmann::json;

constexpr int journal_version = 3;

/// The bytes of numbers, which keep every bit of them.
template <typename Number>
Json to_bytes(const Number* values, Eigen::Index count) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
  return Json::binary({bytes, bytes + static_cast<std::size_t>(count) * sizeof(Number)});
}

template <typename Matrix>
Json to_json(const Matrix& matrix) {
  return {{"rows", matrix.rows()}, {"columns", matrix.cols()}, {"values", to_bytes(matrix.data(), matrix.size())}};
}

template <typename Matrix>
Matrix to_matrix(const Json& json) {
  const auto rows = json.at("rows").get<Eigen::Index>();
  const auto columns = json.at("columns").get<Eigen::Index>();
  const auto& bytes = json.at("values").get_binary();
  constexpr Eigen::Index most = 1 << 24;
  constexpr auto fixed_rows = static_cast<Eigen::Index>(Matrix::RowsAtCompileTime);
  constexpr auto fixed_columns = static_cast<Eigen::Index>(Matrix::ColsAtCompileTime);
  const bool fits = rows >= 0 && columns >= 0 && rows <= most && columns <= most &&
                    (fixed_rows == Eigen::Dynamic || rows == fixed_rows) &&
                    (fixed_columns == Eigen::Dynamic || columns == fixed_columns) &&
                    bytes.size() == static_cast<std::size_t>(rows * columns) * sizeof(typename Matrix::Scalar);
  if (!fits) throw std::runtime_error("a matrix has inconsistent sizes");
  Matrix matrix(rows, columns);
  if (!bytes.empty()) std::memcpy(matrix.data(), bytes.data(), bytes.size());
  return matrix;
}

template <typename Matrix>
Json to_json(const std::vector<Matrix>& matrices) {
  auto list = Json::array();
  for (const auto& matrix : matrices) list.push_back(to_json(matrix));
  return list;
}

template <typename Matrix>
std::vector<Matrix> to_matrices(const Json& json) {
  std::vector<Matrix> matrices;
  for (const auto& entry : json) matrices.push_back(to_matrix<Matrix>(entry));
  return matrices;
}

Json to_json(const Scatter& scatter) { return {{"weight", scatter.weight}, {"parts", to_json(scatter.parts)}}; }

Scatter to_scatter(const Json& json) {
  return {json.at("weight").get<double>(), to_matrices<Eigen::MatrixXf>(json.at("parts"))};
}

Json to_json(const LayerStatistics& layer) {
  return {{"count", layer.count},
          {"size_powers", layer.size_powers},
          {"products", to_json(layer.products)},
          {"variance", to_json(layer.variance)},
          {"within", to_json(layer.scatter.within)},
          {"between", to_json(layer.scatter.between)}};
}

LayerStatistics to_statistics(const Json& json) {
  LayerStatistics layer;
  layer.count = json.at("count").get<std::int64_t>();
  layer.size_powers = json.at("size_powers").get<std::array<double, 5>>();
  layer.products = to_matrix<Eigen::Matrix3Xd>(json.at("products"));
  layer.variance = to_matrix<Eigen::VectorXf>(json.at("variance"));
  if (layer.products.cols() != layer.variance.size())
    throw std::runtime_error("its statistics have inconsistent sizes");
  layer.scatter = {to_scatter(json.at("within")), to_scatter(json.at("between"))};
  return layer;
}

Json to_json(const embed::EmbedderState& state) {
  auto statistics = Json::array(), factors = Json::array(), tracklets = Json::array();
  for (const auto& layer : state.statistics) statistics.push_back(to_json(layer));
  for (const auto& layer : state.factors)
    factors.push_back({{"new_weight", layer.new_weight}, {"parts", to_json(layer.parts)}});
  for (const auto& [box, sights, means] : state.tracklets)
    tracklets.push_back(
        {{"box", {box.left, box.top, box.width, box.height}}, {"sights", sights}, {"means", to_json(means)}});
  return {{"statistics", statistics}, {"factors", factors}, {"tracklets", tracklets}};
}

embed::EmbedderState to_state(const Json& json) {
  embed::EmbedderState state;
  for (const auto& entry : json.at("statistics")) state.statistics.push_back(to_statistics(entry));
  for (const auto& entry : json.at("factors"))
    state.factors.push_back({to_matrices<Eigen::MatrixXf>(entry.at("parts")), entry.at("new_weight").get<double>()});
  for (const auto& entry : json.at("tracklets")) {
    const auto box = entry.at("box").get<std::array<float, 4>>();
    state.tracklets.push_back({{box[0], box[1], box[2], box[3]},
                               entry.at("sights").get<int>(),
                               to_matrices<Eigen::VectorXf>(entry.at("means"))});
  }
  return state;
}

EmbedJournal to_journal(const Json& json) {
  if (json.at("version").get<int>() != journal_version)
    throw std::runtime_error("it was written by another version of onepass");
  EmbedJournal journal{json.at("settings").get<std::string>(),
                       json.at("source").get<std::int64_t>(),
                       json.at("next_index").get<std::int64_t>(),
                       {json.at("rows").get<std::int64_t>(), json.at("dimensions").get<std::int64_t>(),
                        json.at("csv_bytes").get<std::int64_t>()},
                       to_state(json.at("embedder"))};
  const auto& files = journal.files;
  constexpr std::int64_t most = std::int64_t{1} << 31;
  if (files.rows < 0 || files.rows > most || files.dimensions < 0 || files.dimensions > most / 256 ||
      files.csv_bytes < 0 || journal.source < 0 || journal.next_index < 0)
    throw std::runtime_error("its counts are out of range");
  return journal;
}

}  // namespace

void write_journal(const std::filesystem::path& path, const EmbedJournal& journal) {
  const Json json{{"version", journal_version},
                  {"settings", journal.settings},
                  {"source", journal.source},
                  {"next_index", journal.next_index},
                  {"rows", journal.files.rows},
                  {"dimensions", journal.files.dimensions},
                  {"csv_bytes", journal.files.csv_bytes},
                  {"embedder", to_json(journal.embedder)}};
  const auto bytes = Json::to_cbor(json);
  io::OutputFile file(path, Overwrite::replace);
  file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  file.close();
}

SettingError damaged_journal(const std::filesystem::path& path, const std::string& why) {
  return {"overwrite", fmt::format("{}: is damaged ({}); start again", path.string(), why)};
}

std::optional<EmbedJournal> read_journal(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    return to_journal(Json::from_cbor(bytes));
  } catch (const std::exception& error) {
    throw damaged_journal(path, error.what());
  }
}

}  // namespace onepass::lab
