// How much of an object a detection shows: embeddings of cut or covered boxes resemble those of other people.
#pragma once

#include "track/record/track_record.hpp"

namespace onepass::track {

/// The largest share of the observation that is hidden by one other observation in front of it (with a lower bottom
/// edge) of at least this score.
double hidden_share(const Scene& scene, int observation, double confident_score);

/// True if the observation reaches an edge of the image, so that a part of the object is probably outside. False if
/// the size of the image is unknown.
bool is_cut(const Scene& scene, int observation);

/// The share of the observation that no confident observation in front hides: 0 to 1.
double visible_share(const Scene& scene, int observation);

/// True if no confident observation in front hides more than three tenths of this one.
bool is_mostly_visible(const Scene& scene, int observation);

/// True if embeddings of this observation represent the object: it is neither cut nor mostly hidden.
bool is_clear_view(const Scene& scene, int observation);

}  // namespace onepass::track
