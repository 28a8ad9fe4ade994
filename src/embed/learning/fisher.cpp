#include "embed/learning/fisher.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <Eigen/Eigenvalues>

namespace onepass::embed {
namespace {

/// Returns each sample minus the mean of its group; groups with one sample are left out.
Eigen::MatrixXd within_groups(const Eigen::MatrixXd& samples, std::span<const int> groups, Eigen::Index& group_count) {
  std::map<int, std::vector<Eigen::Index>> members;
  for (std::size_t i = 0; i < groups.size(); ++i) members[groups[i]].push_back(static_cast<Eigen::Index>(i));
  std::erase_if(members, [](const auto& entry) { return entry.second.size() < 2; });
  group_count = static_cast<Eigen::Index>(members.size());
  Eigen::Index count = 0;
  for (const auto& [_, indices] : members) count += static_cast<Eigen::Index>(indices.size());
  Eigen::MatrixXd result(samples.rows(), count);
  Eigen::Index next = 0;
  for (const auto& [_, indices] : members) {
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(samples.rows());
    for (const auto index : indices) mean += samples.col(index);
    mean /= static_cast<double>(indices.size());
    for (const auto index : indices) result.col(next++) = samples.col(index) - mean;
  }
  return result;
}

}  // namespace

FisherProjection learn_fisher(const Eigen::MatrixXf& samples, std::span<const int> groups,
                              const FisherOptions& options) {
  const Eigen::VectorXd center = samples.cast<double>().rowwise().mean();
  const Eigen::MatrixXd centered = samples.cast<double>().colwise() - center;
  Eigen::Index group_count = 0;
  const auto deviations = within_groups(centered, groups, group_count);
  if (group_count == 0) throw std::runtime_error("nothing to learn from: no object was seen twice");
  Eigen::MatrixXd within = deviations * deviations.transpose() / static_cast<double>(deviations.cols() - group_count);
  const Eigen::MatrixXd total = centered * centered.transpose() / static_cast<double>(centered.cols());
  const double mean_eigenvalue = within.trace() / static_cast<double>(within.rows());
  within.diagonal().array() += options.shrinkage * mean_eigenvalue + 1e-12;
  const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solver(total, within);
  if (solver.info() != Eigen::Success) throw std::runtime_error("the scatter of the embeddings cannot be decomposed");
  const Eigen::Index kept = std::min<Eigen::Index>(options.dimensions, samples.rows());
  FisherProjection result;
  result.center = center.cast<float>();
  result.projection = solver.eigenvectors().rightCols(kept).rowwise().reverse().transpose().cast<float>();
  result.ratios = solver.eigenvalues().tail(kept).reverse();
  return result;
}

}  // namespace onepass::embed
