#include "lab/embed_journal.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/output_file.hpp"

namespace onepass::lab {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

template <typename Matrix>
Json to_json(const Matrix& values) {
  return std::vector<typename Matrix::Scalar>(values.data(), values.data() + values.size());
}

Json to_json(const LayerStatistics& layer) {
  return {{"count", layer.count},
          {"size_powers", layer.size_powers},
          {"products", to_json(layer.products)},
          {"variance", to_json(layer.variance)}};
}

LayerStatistics to_statistics(const Json& json) {
  LayerStatistics layer;
  layer.count = json.at("count").get<std::int64_t>();
  layer.size_powers = json.at("size_powers").get<std::array<double, 5>>();
  const auto products = json.at("products").get<std::vector<double>>();
  const auto variance = json.at("variance").get<std::vector<float>>();
  if (products.size() != 3 * variance.size()) throw std::runtime_error("its statistics have inconsistent sizes");
  const auto length = static_cast<Eigen::Index>(variance.size());
  layer.products = Eigen::Map<const Eigen::Matrix3Xd>(products.data(), 3, length);
  layer.variance = Eigen::Map<const Eigen::VectorXf>(variance.data(), length);
  return layer;
}

EmbedJournal to_journal(const Json& json) {
  if (json.at("version").get<int>() != kVersion)
    throw std::runtime_error("it was written by another version of onepass");
  EmbedJournal journal{json.at("settings").get<std::string>(),
                       json.at("source").get<std::int64_t>(),
                       json.at("next_index").get<std::int64_t>(),
                       {json.at("rows").get<std::int64_t>(), json.at("dimensions").get<std::int64_t>(),
                        json.at("csv_bytes").get<std::int64_t>()},
                       {}};
  for (const auto& entry : json.at("statistics")) journal.statistics.push_back(to_statistics(entry));
  const auto& files = journal.files;
  constexpr std::int64_t most = std::int64_t{1} << 31;
  if (files.rows < 0 || files.rows > most || files.dimensions < 0 || files.dimensions > most / 256 ||
      files.csv_bytes < 0 || journal.source < 0 || journal.next_index < 0)
    throw std::runtime_error("its counts are out of range");
  return journal;
}

}  // namespace

void write_journal(const std::filesystem::path& path, const EmbedJournal& journal) {
  Json statistics = Json::array();
  for (const auto& layer : journal.statistics) statistics.push_back(to_json(layer));
  const Json json{{"version", kVersion},
                  {"settings", journal.settings},
                  {"source", journal.source},
                  {"next_index", journal.next_index},
                  {"rows", journal.files.rows},
                  {"dimensions", journal.files.dimensions},
                  {"csv_bytes", journal.files.csv_bytes},
                  {"statistics", std::move(statistics)}};
  const auto bytes = Json::to_cbor(json);
  io::OutputFile file(path, Overwrite::replace);
  file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  file.close();
}

std::optional<EmbedJournal> read_journal(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    return to_journal(Json::from_cbor(bytes));
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("{}: is damaged ({}); start again with --overwrite", path.string(), error.what()));
  }
}

}  // namespace onepass::lab
