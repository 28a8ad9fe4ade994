// Fisher's discriminant: a linear projection that separates embeddings of different objects.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace onepass::embed {

struct FisherOptions {
  int dimensions = 64;     ///< max number of dimensions kept
  double shrinkage = 0.3;  ///< ridge on the within-group scatter, in units of its mean eigenvalue
};

struct FisherProjection {
  Eigen::VectorXf center;      ///< mean of all samples
  Eigen::MatrixXf projection;  ///< dimensions × length; projection · (sample − center)
  Eigen::VectorXd ratios;      ///< total scatter / within-group scatter per dimension, descending
};

/// Fisher's (1936) and Rao's (1948) discriminant: with S_w the scatter within groups, regularized by adding
/// λ · tr(S_w)/length to its diagonal, and S_t the scatter of all samples, the rows of the projection are the leading
/// solutions of S_t v = r S_w v, scaled to unit within-group scatter.
/// @param samples one sample per column
/// @param groups group of each sample; groups with a single sample do not contribute to S_w
/// @throws std::runtime_error if no group has two samples.
FisherProjection learn_fisher(const Eigen::MatrixXf& samples, std::span<const int> groups,
                              const FisherOptions& options = {});

}  // namespace onepass::embed
