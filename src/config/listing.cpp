// The listing of every parameter: name, range and comment, in the order in which they are shown.
#include "config/fields.hpp"

namespace onepass::config {

std::vector<Field> fields_of(DetectorConfig& c) {
  return {
      number("imgsz", c.imgsz, 32, 8192, "longer side of the network's input, pixels"),
      flag("rect", c.rect, "pad to the next stride multiple only, instead of to a square"),
      number("conf", c.conf, 0, 1, "lowest score kept; the tracker's stages choose among what is kept"),
      number("iou", c.iou, 0, 1, "overlap above which non-maximum suppression drops the lower score"),
      texts("classes", c.classes, "class names or numbers to keep; empty keeps all"),
      number("max_det", c.max_det, 1, 100000, "most detections per frame"),
      text("device", c.device, "cpu, cuda or cuda:N"),
      choice<ExecutorChoice>(
          "executor", c.executor,
          {{ExecutorChoice::automatic, "auto"}, {ExecutorChoice::onednn, "onednn"}, {ExecutorChoice::aten, "aten"}},
          "what computes the network; auto: oneDNN where it can, otherwise LibTorch's ATen"),
      number("threads", c.threads, 0, 1024, "threads of the network; 0: one per processor core"),
  };
}

std::vector<Field> fields_of(EmbedConfig& c) {
  return {
      choice<EmbedMethod>("method", c.method,
                          {{EmbedMethod::none, "none"}, {EmbedMethod::roi, "roi"}, {EmbedMethod::cell, "cell"}},
                          "roi: pool the boxes from layers; cell: the kept anchor's cell; none: no embeddings"),
      numbers("layers", c.layers, 0, 1000, "layers to pool; empty: chosen by stride for the model at hand"),
      numbers("stripes", c.stripes, 1, 64, "horizontal stripes per layer; empty: 8, 8, 4, 1"),
      number("columns", c.columns, 1, 64, "parts that every stripe is cut into, side by side"),
      choice<EmbedPooling>("pooling", c.pooling, {{EmbedPooling::area, "area"}, {EmbedPooling::align, "align"}},
                           "area: every cell counts by its part inside the box; align: RoIAlign"),
      flag("standardize", c.standardize,
           "subtract what the stream shows at that size, divide by the deviation (method roi)"),
      flag("visible_parts", c.visible_parts, "stripes count by the part of them that no box in front covers (roi)"),
      choice<EmbedCalibration>("calibrate", c.calibrate,
                               {{EmbedCalibration::none, "none"}, {EmbedCalibration::online, "online"}},
                               "online: learn from the stream which differences one object shows by itself"),
      text("calibration", c.calibration, "file that onepass calibrate wrote for this camera; it replaces online"),
  };
}

std::vector<Field> fields_of(MemoryConfig& c) {
  return {
      flag("enabled", c.enabled, "hold new tracks against the identities seen before"),
      number("capacity", c.capacity, 1, 1000000, "identities remembered; the least useful is forgotten"),
      number("lifetime_s", c.lifetime_s, 0, 1e9, "forgotten when unseen for this long; 0: never"),
      number("exemplars", c.exemplars, 1, 64, "views kept of each"),
      number("limit", c.limit, -10, 1, "largest distance; 0 is a typical match, 1 the typical nearest rival"),
      number("margin", c.margin, 0, 10, "lead over every other identity, in the same units"),
      number("agreement", c.agreement, 1, 1000, "detections in a row that must agree"),
      number("patience", c.patience, 0, 1000, "after more detections without agreement the track gets a new id"),
  };
}

std::vector<Group> groups_of(Config& config) {
  return {
      {"detector", "from a frame to boxes", fields_of(config.detector)},
      {"embed", "from feature maps and boxes to embeddings", fields_of(config.embed)},
      {"tracker", "from detections to identities", fields_of(config.tracker)},
      {"memory", "identities that outlive their tracks", fields_of(config.tracker.memory)},
  };
}

}  // namespace onepass::config
