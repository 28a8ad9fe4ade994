// A linear projection that pulls embeddings of the same object together and different ones apart.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace onepass {

struct FisherOptions {
  int dimensions = 64;     ///< kept, at most
  double shrinkage = 0.3;  ///< of the within scatter towards a ball, in mean eigenvalues
};

struct FisherProjection {
  Eigen::VectorXf center;      ///< mean of all samples
  Eigen::MatrixXf projection;  ///< dimensions × length; projection · (sample − center)
  Eigen::VectorXd ratios;      ///< of each dimension: total scatter over within scatter, descending
};

/// Fisher's (1936) and Rao's (1948) discriminant: with S_w the scatter within groups, shrunk by λ · tr(S_w)/length, and
/// S_t that of all samples, the rows are the leading solutions of S_t v = r S_w v, of unit within scatter.
/// @param samples one a column
/// @param groups the group of each sample; those of a single sample say nothing of the scatter within
/// @throws std::runtime_error where no group has two samples.
FisherProjection learn_fisher(const Eigen::MatrixXf& samples, std::span<const int> groups,
                              const FisherOptions& options = {});

}  // namespace onepass
