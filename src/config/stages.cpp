#include "onepass/config.hpp"

namespace onepass {

std::vector<StageConfig> recommended_stages() {
  StageConfig confident;
  confident.name = "confident";
  confident.min_score = 0.3F;
  confident.appearance = AppearanceMode::disambiguate;
  confident.appearance_weight = 2;

  StageConfig faint;
  faint.name = "faint";
  faint.tracks = StageTracks::recent;
  faint.min_score = 0.05F;
  faint.max_score = 0.3F;
  faint.similarity = Similarity::iou;
  faint.fuse_score = false;
  faint.limit = 0.5F;
  faint.max_used_overlap = 0.5F;

  StageConfig recovery;
  recovery.name = "recovery";
  recovery.min_score = 0.6F;
  recovery.similarity = Similarity::none;
  recovery.appearance = AppearanceMode::recover;
  recovery.limit = 0.8F;

  StageConfig tentative;
  tentative.name = "tentative";
  tentative.tracks = StageTracks::tentative;
  tentative.limit = 0.7F;

  return {confident, faint, recovery, tentative};
}

}  // namespace onepass
