#include "track/memory/identity_bytes.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace onepass::track {
namespace {

void write(ByteWriter& writer, const Scatter& scatter) {
  writer.number(scatter.weight);
  writer.number(static_cast<std::uint64_t>(scatter.parts.size()));
  for (const auto& part : scatter.parts) writer.numbers(part.data(), static_cast<std::size_t>(part.size()));
}

Scatter read_scatter(ByteReader& reader) {
  Scatter scatter;
  scatter.weight = reader.number<double>();
  ByteReader::require(scatter.weight >= 0);
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    const auto values = reader.numbers<Eigen::VectorXf>();
    const auto side = static_cast<Eigen::Index>(std::llround(std::sqrt(static_cast<double>(values.size()))));
    ByteReader::require(side * side == values.size());
    scatter.parts.emplace_back(Eigen::Map<const Eigen::MatrixXf>(values.data(), side, side));
    ByteReader::require((scatter.parts.back().diagonal().array() >= 0).all());
  }
  return scatter;
}

}  // namespace

void write(ByteWriter& writer, const EmbeddingStatistics& statistics) {
  writer.number(static_cast<std::uint64_t>(statistics.size()));
  for (const auto& layer : statistics) {
    writer.number(layer.count);
    writer.numbers(layer.size_powers.data(), layer.size_powers.size());
    writer.numbers(layer.products.data(), static_cast<std::size_t>(layer.products.size()));
    writer.numbers(layer.variance.data(), static_cast<std::size_t>(layer.variance.size()));
    write(writer, layer.scatter.within);
    write(writer, layer.scatter.between);
  }
}

EmbeddingStatistics read_statistics(ByteReader& reader) {
  EmbeddingStatistics statistics;
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    LayerStatistics layer;
    layer.count = reader.count_from(0);
    const auto powers = reader.numbers<std::vector<double>>();
    ByteReader::require(powers.size() == layer.size_powers.size());
    std::ranges::copy(powers, layer.size_powers.begin());
    const auto products = reader.numbers<Eigen::VectorXd>();
    layer.variance = reader.numbers<Eigen::VectorXf>();
    ByteReader::require(products.size() == 3 * layer.variance.size() && (layer.variance.array() >= 0).all());
    ByteReader::require((layer.count == 0) == (layer.variance.size() == 0));
    layer.products = Eigen::Map<const Eigen::Matrix3Xd>(products.data(), 3, layer.variance.size());
    layer.scatter.within = read_scatter(reader);
    layer.scatter.between = read_scatter(reader);
    statistics.push_back(std::move(layer));
  }
  return statistics;
}

void write(ByteWriter& writer, const Separation& separation) {
  writer.number(separation.samples);
  for (const double value :
       {separation.match_mean, separation.match_variance, separation.rival_mean, separation.rival_variance}) {
    writer.number(value);
  }
}

Separation read_separation(ByteReader& reader) {
  Separation separation;
  separation.samples = reader.count_from(0);
  for (double* value :
       {&separation.match_mean, &separation.match_variance, &separation.rival_mean, &separation.rival_variance}) {
    *value = reader.number<double>();
    ByteReader::require(*value >= 0 && *value <= 1);
  }
  return separation;
}

void write(ByteWriter& writer, const RememberedIdentity& identity) {
  writer.number(identity.id);
  writer.number(static_cast<std::int64_t>(identity.class_id));
  writer.number(identity.hits);
  writer.number(identity.returns);
  writer.number(identity.stream);
  writer.number(identity.last_seen_s);
  writer.number(static_cast<std::uint64_t>(identity.views.size()));
  for (const auto& view : identity.views) {
    writer.number(view.weight);
    writer.number(view.mean.scale);
    writer.numbers(view.mean.values.data(), view.mean.values.size());
  }
}

RememberedIdentity read_identity(ByteReader& reader, Eigen::Index length) {
  RememberedIdentity identity;
  identity.id = reader.count_from(1);
  const auto class_id = reader.number<std::int64_t>();  // any number that a detection may have
  ByteReader::require(std::in_range<int>(class_id));
  identity.class_id = static_cast<int>(class_id);
  identity.hits = reader.count_from(0);
  identity.returns = reader.count_from(0);
  identity.stream = reader.count_from(0);
  identity.last_seen_s = reader.number<double>();
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    CompactView view;
    view.weight = reader.number<double>();
    view.mean.scale = reader.number<float>();
    view.mean.values = reader.numbers<std::vector<std::int8_t>>();
    ByteReader::require(view.weight > 0 && view.mean.scale > 0);
    ByteReader::require(static_cast<Eigen::Index>(view.mean.values.size()) == length);
    identity.views.push_back(std::move(view));
  }
  ByteReader::require(!identity.views.empty());
  return identity;
}

}  // namespace onepass::track
